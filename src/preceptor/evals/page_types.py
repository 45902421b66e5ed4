"""What the page of an eval run is made from: values only, worked out elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from preceptor.evals.types import Comparison, EvalCase, EvalRun, SampleResult
from preceptor.models.types import Usage
from preceptor.stats.types import Interval


@dataclass(frozen=True, kw_only=True)
class PageMetric:
    """One metric over the run's cases; `mean` is None, with a `reason`, where no case has a score.

    `n` cases have a score and `num_missing` have none, and are in no mean.
    """

    name: str
    n: int
    mean: float | None
    interval: Interval | None = None
    confidence: float = 0.95
    num_missing: int = 0
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PageSlice:
    """One metric over the cases of one slice."""

    metric: str
    name: str
    n: int
    mean: float | None
    interval: Interval | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PageSample:
    """One case in one epoch, with what became of it in the run and, where two are shown, in the baseline.

    `case` is None where the suite is not known; a result is None where that run has none.
    """

    case_id: str
    epoch: int = 1
    case: EvalCase | None = None
    result: SampleResult | None = None
    baseline: SampleResult | None = None


@dataclass(frozen=True, kw_only=True)
class RunPageView:
    """A run, and with a `baseline` two runs beside each other.

    `samples` is read once, one by one, so that it may come from a database; `num_samples` says
    how many there are. `status` is a word such as `finished`; `usage` is summed over the run.
    `coverage` counts its samples by status. `comparisons` are the run minus the baseline, by metric.
    `notes` are what a reader must know first (a crashed log, a model that was not pinned).
    """

    run: EvalRun
    generated_at: datetime
    samples: Iterable[PageSample]
    num_samples: int
    status: str = ""
    model: str = ""
    purpose: str = ""
    num_epochs: int = 1
    usage: Usage = Usage()
    coverage: Mapping[str, int] = field(default_factory=dict)
    metrics: tuple[PageMetric, ...] = ()
    slices: tuple[PageSlice, ...] = ()
    baseline: EvalRun | None = None
    baseline_model: str = ""
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
