"""Suites, runs of them, and the paired comparison of two runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, Usage
from preceptor.stats.types import Interval

AttemptStatus = Literal["ok", "model_error", "infra_error", "grader_error", "skipped"]


@dataclass(frozen=True, kw_only=True)
class EvalCase:
    """One thing to ask the target, and what a good answer is.

    `cluster` groups cases that are not independent (one conversation, one user). `slices`
    are names to report by, such as `intent=billing`. `source_id` is the trace it came from.
    """

    id: str
    messages: tuple[Message, ...]
    target: JsonValue = None
    cluster: str | None = None
    slices: tuple[str, ...] = ()
    source_id: str | None = None
    metadata: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A set of cases and the graders that score every answer; `primary` is the metric gates read by default.

    `graders` maps a metric's name to a grader's `kind` and settings. `passages` are the
    sources that answers may cite.
    """

    name: str
    cases: tuple[EvalCase, ...]
    graders: dict[str, JsonObject]
    primary: str
    passages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunIdentity:
    """What two runs must share to be compared, each as a hash, and the target that may differ."""

    cases: str
    graders: str
    target: str

    @property
    def is_complete(self) -> bool:
        """True when all three are known."""
        return bool(self.cases and self.graders and self.target)


@dataclass(frozen=True, kw_only=True)
class SampleResult:
    """What became of one case: the answer and its scores, or why there is none."""

    case_id: str
    status: AttemptStatus
    output: str | None
    scores: tuple[MetricScore, ...] = ()
    error: str = ""
    usage: Usage = Usage()
    latency_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class EvalRun:
    """A suite run on a target: finished when every case has a result."""

    id: str
    suite: str
    target: str
    identity: RunIdentity
    primary: str
    num_cases: int
    started_at: datetime
    finished_at: datetime | None = None
    settings: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunOutcome:
    """What a run, or the part of it that was possible now, came to: one result a case, in the suite's order.

    `num_asked` cases were asked, or graded again, now; `num_kept` were on disk before.
    `stopped` says why not all were asked; empty otherwise.
    """

    results: tuple[SampleResult, ...]
    num_asked: int
    num_kept: int
    stopped: str = ""

    @property
    def is_finished(self) -> bool:
        """True when every case has a result that asking again would not improve."""
        return not any(result.status in {"infra_error", "skipped"} for result in self.results)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much of a suite has a score on a metric. `share` is scored / attempted, None when nothing was.

    `by_status` counts the attempts; `num_cases` - `num_attempted` were never asked.
    """

    metric: str
    num_cases: int
    num_attempted: int
    num_scored: int
    share: float | None
    by_status: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """One case's score on one metric; `score` is None, with a reason, where there is none."""

    id: str
    score: float | None
    reason: str = ""
    cluster: str | None = None
    slices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SliceComparison:
    """The same comparison on a part of the cases."""

    name: str
    n: int
    baseline_mean: float
    candidate_mean: float
    difference: float
    interval: Interval | None
    p_value: float | None
    test: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Unpaired:
    """Cases that could not be compared, by why; ids in the order of the files."""

    only_in_baseline: tuple[str, ...] = ()
    only_in_candidate: tuple[str, ...] = ()
    baseline_missing_score: tuple[str, ...] = ()
    candidate_missing_score: tuple[str, ...] = ()

    @property
    def num_cases(self) -> int:
        """How many cases in all; one without a score on either side counts once."""
        return len({case for group in vars(self).values() for case in group})


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Candidate minus baseline over the same cases, with interval and test.

    Means, difference and interval are in the score's own units; `improved` and `regressed`
    count the cases whose score rose or fell. All figures are None, with a `reason`, when
    nothing could be paired; so are interval and p-value where the data carry none.
    """

    n: int
    baseline_mean: float | None
    candidate_mean: float | None
    difference: float | None
    interval: Interval | None
    confidence: float
    p_value: float | None
    test: str
    improved: int
    regressed: int
    unpaired: Unpaired
    slices: tuple[SliceComparison, ...] = ()
    reason: str = ""
    improved_ids: tuple[str, ...] = ()
    regressed_ids: tuple[str, ...] = ()
