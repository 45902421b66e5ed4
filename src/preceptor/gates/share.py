"""The share of the candidate's cases whose score reaches a threshold, with an interval that is never of width zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from preceptor.evals.pairing import name_some, pair_scores
from preceptor.evals.types import ScoreRow
from preceptor.gates.corrected import LABELS_ONLY, METHOD, correct, judged_scores, num_labelled
from preceptor.gates.judge_rules import why_not_judged, why_too_few_labels
from preceptor.gates.types import Decision, Evidence
from preceptor.stats.bounded_mean import BoundedSample, bounded_interval, bounded_sample
from preceptor.stats.intervals import clopper_pearson
from preceptor.stats.power import required_n_for_bounded_mean, required_n_for_share
from preceptor.stats.types import Interval

UNIT = Interval(0.0, 1.0)
EXACT = "Clopper-Pearson"
CLUSTERED = "bounded mean of clusters (Gaffke)"


class Clusters(NamedTuple):
    """The clustered cases as asked, and the same the other way round."""

    reached: BoundedSample
    missed: BoundedSample


class Share(NamedTuple):
    """Which of the scored cases are as asked. `interval` is None, with the reason, where none can be given.

    `unscored` are the ids of those without a candidate score, among them cases that only the
    baseline has. `value` is the corrected share where a judge scored the cases.
    """

    reached: tuple[str, ...]
    missed: tuple[str, ...]
    unscored: tuple[str, ...]
    value: float | None
    interval: Interval | None
    method: str
    reason: str
    sample: Clusters | None
    is_exact: bool = False

    @property
    def n(self) -> int:
        """How many cases have a score."""
        return len(self.reached) + len(self.missed)


class Bounds(NamedTuple):
    """A share is wanted from `low` to `high`; both ends are as wanted."""

    low: float
    high: float


def share_of(evidence: Evidence, metric: str, reaches: Callable[[float], bool], confidence: float) -> Share:
    """The share among all cases of the metric in the evidence; InputError as `pair_scores`.

    Independent cases have the exact interval (Clopper-Pearson), those that share clusters the one
    that asks what may be unseen (`stats/bounded_mean.py`). What a judge scored is corrected by human
    labels of the candidate's answers, or has no interval where the judge may not decide or too few
    answers are labelled.
    """
    rows = evidence.candidate.get(metric, ())
    unpaired = pair_scores(evidence.baseline.get(metric, ()), rows).unpaired
    unscored = (*unpaired.only_in_baseline, *(row.id for row in rows if row.score is None))
    share = share_where(rows, reaches, confidence)._replace(unscored=unscored)
    judge = evidence.judges.get(metric)
    if judge is None or not share.n:
        return share
    barred = why_not_judged(evidence, metric)
    if barred:
        return share._replace(interval=None, reason=barred, sample=None, is_exact=False)
    if evidence.judge_rules.correction == "none":
        return share._replace(method=f"{share.method}, judge not corrected")
    return _corrected(share, rows, judge.candidate_labels, reaches, confidence)


def share_where(rows: Sequence[ScoreRow], reaches: Callable[[float], bool], confidence: float) -> Share:
    """The share of the scored rows whose score is as asked."""
    scored = [(row, reaches(row.score)) for row in rows if row.score is not None]
    reached = tuple(row.id for row, is_reached in scored if is_reached)
    missed = tuple(row.id for row, is_reached in scored if not is_reached)
    if not scored:
        return Share((), (), (), None, None, EXACT, "no case has a score", None)
    value = len(reached) / len(scored)
    clusters = [row.cluster for row, _ in scored]
    named = [cluster for cluster in clusters if cluster is not None]
    if len(set(named)) < len(named):
        both = Clusters(
            bounded_sample([float(is_reached) for _, is_reached in scored], UNIT, clusters),
            bounded_sample([float(not is_reached) for _, is_reached in scored], UNIT, clusters),
        )
        interval = bounded_interval(both.reached, confidence)
        return Share(reached, missed, (), value, interval, CLUSTERED, "", both)
    exact = clopper_pearson(len(reached), len(scored), confidence)
    return Share(reached, missed, (), value, exact, EXACT, "", None, is_exact=True)


def _corrected(
    share: Share,
    rows: Sequence[ScoreRow],
    labels: Mapping[str, float],
    reaches: Callable[[float], bool],
    confidence: float,
) -> Share:
    """The share as people see it: by their labels alone where every case has one, else corrected by those there are."""
    scored = [row for row in rows if row.score is not None]
    if all(row.id in labels for row in scored):
        by_people = share_where([replace(row, score=labels[row.id]) for row in scored], reaches, confidence)
        return by_people._replace(unscored=share.unscored, method=f"{by_people.method}, {LABELS_ONLY}")
    asked = [replace(row, score=float(reaches(row.score))) for row in scored if row.score is not None]
    cases = judged_scores(asked, {case: float(reaches(label)) for case, label in labels.items()})
    why = why_too_few_labels(num_labelled(cases), len(cases))
    if why:
        return share._replace(interval=None, reason=why, method=METHOD, sample=None, is_exact=False)
    estimate, interval, reason = correct(cases, confidence, UNIT).found
    corrected = share._replace(value=estimate.value, interval=interval, reason=reason, method=METHOD)
    return corrected._replace(sample=None, is_exact=False)


def within(share: Share, wanted: Bounds) -> Decision:
    """Pass when the whole interval is as wanted, fail when none of it is, else inconclusive.

    >>> rows = [ScoreRow(id=str(case), score=1.0) for case in range(36)]
    >>> within(share_where(rows, bool, 0.95), Bounds(0.9, 1.0))
    'pass'
    """
    interval = share.interval
    if interval is None:
        return "inconclusive"
    if interval.low >= wanted.low and interval.high <= wanted.high:
        return "pass"
    return "fail" if interval.high < wanted.low or interval.low > wanted.high else "inconclusive"


def required_n(share: Share, wanted: Bounds, confidence: float) -> int | None:
    """How many such cases would show that the share is as wanted; None where more of the same would not.

    >>> required_n(share_where([ScoreRow(id="a", score=1.0)], bool, 0.95), Bounds(0.9, 1.0), 0.95)
    36
    """
    if share.sample is None and not share.is_exact:
        return None
    needed = []
    if wanted.low > 0:
        sample = share.sample and share.sample.reached
        needed.append(_required_n_above(sample, (len(share.reached), share.n), wanted.low, confidence))
    if wanted.high < 1:
        sample = share.sample and share.sample.missed
        needed.append(_required_n_above(sample, (len(share.missed), share.n), 1 - wanted.high, confidence))
    known = [number for number in needed if number is not None]
    return max(known) if known and len(known) == len(needed) else None


def why_unscored(share: Share) -> str:
    """How many cases have no candidate score, and the first of them; empty when all have one."""
    if not share.unscored:
        return ""
    return f"cases without a candidate score: {len(share.unscored)} ({name_some(share.unscored)})"


def _required_n_above(
    sample: BoundedSample | None, counts: tuple[int, int], minimum: float, confidence: float
) -> int | None:
    if sample is not None:
        return required_n_for_bounded_mean(sample, minimum, confidence)
    return required_n_for_share(*counts, minimum, confidence)
