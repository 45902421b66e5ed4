"""What a judge's scores say once human labels of the same answers have corrected them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, sqrt
from typing import NamedTuple

from preceptor.evals.pairing import ScorePair
from preceptor.evals.types import ScoreRow
from preceptor.stats.means import mean_sample
from preceptor.stats.power import MAX_N
from preceptor.stats.ppi import MIN_LABELS, LabelledScores, PpiInterval, ppi_interval
from preceptor.stats.types import Interval

METHOD = "ppi++"
LABELS_ONLY = "human labels of every case"
UNLIKE = 4.0
"""Standard errors between the judge's means of labelled and other cases: by chance more once in 16,000 draws."""
UNIT = Interval(0.0, 1.0)
DIFFERENCES = Interval(-1.0, 1.0)


class JudgedCase(NamedTuple):
    """A judge's score of one case, or the difference of two; `label` is what people say, None where they do not."""

    score: float
    label: float | None
    cluster: str | None


class Correction(NamedTuple):
    """The corrected figure of `n` cases, `num_labels` of them labelled."""

    found: PpiInterval
    n: int
    num_labels: int

    @property
    def said(self) -> str:
        """On how many labels it rests and how far the judge was trusted."""
        return f"{self.num_labels} of {self.n} cases have human labels (tuning {self.found.estimate.tuning:.2f})"

    def required_n(self, above: float) -> int | None:
        """About how many such cases, the same share of them labelled, would lie above; None where they would not.

        The lower end is taken to come closer with the square root; it comes faster where
        labels and judge seldom differ, so this errs to the side of caution.
        """
        interval, value = self.found.interval, self.found.estimate.value
        if interval is None or value <= above:
            return None
        needed = self.n if interval.low > above else ceil(self.n * ((value - interval.low) / (value - above)) ** 2) + 1
        return needed if needed <= MAX_N else None


def judged_differences(
    pairs: Sequence[ScorePair], baseline: Mapping[str, float], candidate: Mapping[str, float]
) -> list[JudgedCase]:
    """Candidate minus baseline of each pair; labelled where people scored both answers."""
    return [
        JudgedCase(
            score=pair.change,
            label=candidate[pair.id] - baseline[pair.id] if pair.id in candidate and pair.id in baseline else None,
            cluster=pair.cluster,
        )
        for pair in pairs
    ]


def judged_scores(rows: Sequence[ScoreRow], labels: Mapping[str, float]) -> list[JudgedCase]:
    """The score of each row that has one."""
    return [JudgedCase(row.score, labels.get(row.id), row.cluster) for row in rows if row.score is not None]


def num_labelled(cases: Sequence[JudgedCase]) -> int:
    """How many have a label."""
    return sum(case.label is not None for case in cases)


def correct(cases: Sequence[JudgedCase], confidence: float, bounds: Interval) -> Correction:
    """The corrected mean of cases of which at least two are labelled.

    It has no interval where the labelled cases are plainly not drawn at random: labels of easy
    cases would not correct the judge's errors on the hard ones.
    """
    labelled = [case for case in cases if case.label is not None]
    rest = [case for case in cases if case.label is None]
    scores = LabelledScores(
        labels=[float(case.label) for case in labelled if case.label is not None],
        judged=[case.score for case in labelled],
        rest=[case.score for case in rest],
        label_clusters=[case.cluster for case in labelled],
        rest_clusters=[case.cluster for case in rest],
    )
    found = ppi_interval(scores, confidence, bounds)
    why = _why_unlike(labelled, rest)
    return Correction(found._replace(interval=None, reason=why) if why else found, len(cases), len(labelled))


def _why_unlike(labelled: Sequence[JudgedCase], rest: Sequence[JudgedCase]) -> str:
    groups = mean_sample([case.score for case in labelled]), mean_sample([case.score for case in rest or labelled])
    # Clusters are labelled or not as a whole, and then differ more by chance.
    is_clustered = mean_sample([0.0] * len(labelled), [case.cluster for case in labelled]).is_clustered
    error = sqrt(sum((group.standard_error or 0.0) ** 2 for group in groups))
    apart = abs(groups[0].mean - groups[1].mean)
    if is_clustered or min(group.n for group in groups) < MIN_LABELS or apart <= UNLIKE * error or not error:
        return ""
    means = f"{groups[0].mean:.3f} on average, and the others {groups[1].mean:.3f}"
    return f"the labelled cases are not drawn at random: the judge gives them {means}; label cases drawn at random"


def labels_as_pairs(
    pairs: Sequence[ScorePair], baseline: Mapping[str, float], candidate: Mapping[str, float]
) -> tuple[ScorePair, ...]:
    """The pairs with people's scores in place of the judge's; every case must have both."""
    return tuple(pair._replace(baseline=baseline[pair.id], candidate=candidate[pair.id]) for pair in pairs)
