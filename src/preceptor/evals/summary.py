"""One run's figures: each metric's mean with its interval, over all cases and over each slice."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.evals.page_types import PageMetric, PageSlice
from preceptor.evals.types import ScoreRow
from preceptor.stats.intervals import wilson
from preceptor.stats.means import mean_interval, mean_sample, why_no_interval
from preceptor.stats.types import Interval

UNIT = Interval(0.0, 1.0)


def summarise(metric: str, rows: Sequence[ScoreRow], confidence: float = 0.95) -> PageMetric:
    """The metric over its rows that have a score; the others are counted as missing, never as 0.

    Scores 0 and 1 of independent cases have Wilson's interval, others Student's, cluster-robust where
    cases share a cluster.

    >>> done = [ScoreRow(id=str(case), score=float(case < 3)) for case in range(4)]
    >>> found = summarise("exact", [*done, ScoreRow(id="late", score=None)])
    >>> found.n, found.mean, found.num_missing, [round(end, 3) for end in found.interval]
    (4, 0.75, 1, [0.301, 0.954])
    """
    scored = [row for row in rows if row.score is not None]
    scores = [float(row.score) for row in scored if row.score is not None]
    if not scores:
        reason = rows[0].reason if rows else "there is no case"
        return PageMetric(name=metric, n=0, mean=None, num_missing=len(rows), reason=reason)
    sample = mean_sample(scores, [row.cluster for row in scored])
    if not sample.is_clustered and all(score in (0, 1) for score in scores):
        interval: Interval | None = wilson(scores.count(1), len(scores), confidence)
        reason = ""
    else:
        bounds = UNIT if all(0 <= score <= 1 for score in scores) else None
        interval = mean_interval(sample, confidence, bounds)
        reason = why_no_interval(sample, bounds) if interval is None else ""
    return PageMetric(
        name=metric,
        n=len(scores),
        mean=sample.mean,
        interval=interval,
        confidence=confidence,
        num_missing=len(rows) - len(scores),
        reason=reason,
    )


def slice_summaries(metric: str, rows: Sequence[ScoreRow], confidence: float = 0.95) -> list[PageSlice]:
    """The metric over each slice, by the slice's name; a case may be in several."""
    members: dict[str, list[ScoreRow]] = {}
    for row in rows:
        for name in row.slices:
            members.setdefault(name, []).append(row)
    found: list[PageSlice] = []
    for name in sorted(members):
        one = summarise(metric, members[name], confidence)
        found.append(
            PageSlice(metric=metric, name=name, n=one.n, mean=one.mean, interval=one.interval, reason=one.reason)
        )
    return found
