"""Suites, runs of them, and the paired comparison of two runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, Tool, Usage
from preceptor.stats.types import Interval

AttemptStatus = Literal["ok", "model_error", "infra_error", "grader_error", "skipped"]
Purpose = Literal["golden", "adversarial", "regression"]


@dataclass(frozen=True, kw_only=True)
class RecordedToolResult:
    """What a tool said in production: the answer to a call of `name` with these arguments (any, where None)."""

    name: str
    content: str
    arguments: JsonObject | None = None


@dataclass(frozen=True, kw_only=True)
class SuiteTool:
    """A tool that a suite's cases may use; `function` names a Python function of the workspace that answers calls.

    It is written `file.py:function`, relative to the suite's file; `function_hash` is the SHA-256
    of that file. Without it, calls are answered by the case's recorded results.
    """

    tool: Tool
    function: str | None = None
    function_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a sample's conversation is stopped: after so many answers of the model, or tokens over all of them."""

    max_steps: int = 10
    max_output_tokens: int | None = None


@dataclass(frozen=True, kw_only=True)
class EvalCase:
    """One thing to ask the target, and what a good answer is.

    `cluster` groups cases that are not independent (one conversation, one user). `slices`
    are names to report by, such as `intent=billing` or `severity=P0`. `source_id` is the trace
    or failure it came from. `tags` mark cases (`must_pass`); `goals` are the behaviour goals it
    covers; `rubric` says what its graders should look at. `user_turns` are what the scripted user
    says next, one after each answer. `tool_results` answer tool calls.
    """

    id: str
    messages: tuple[Message, ...]
    target: JsonValue = None
    cluster: str | None = None
    slices: tuple[str, ...] = ()
    source_id: str | None = None
    metadata: JsonObject = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    rubric: str = ""
    user_turns: tuple[str, ...] = ()
    tool_results: tuple[RecordedToolResult, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A set of cases and the graders that score every answer; `primary` is the metric gates read by default.

    `graders` maps a metric's name to a grader's `kind` and settings. `passages` are the
    sources that answers may cite. `goals` are the behaviour goals that it should cover, each with
    what it means. Every case is asked `epochs` times.
    """

    name: str
    cases: tuple[EvalCase, ...]
    graders: dict[str, JsonObject]
    primary: str
    passages: dict[str, str] = field(default_factory=dict)
    purpose: Purpose = "golden"
    goals: dict[str, str] = field(default_factory=dict)
    tools: tuple[SuiteTool, ...] = ()
    epochs: int = 1
    limits: Limits = Limits()


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
    """What became of one case in one epoch (from 1): the answer and its scores, or why there is none.

    `transcript` holds all turns after the case's own messages where there is more than the one
    answer. `stop_reason` says which limit ended the conversation, and which tool calls nothing
    answered; empty otherwise. `usage` and `latency_seconds` are summed over the model's answers;
    `is_cached`: all of them were read from the response cache, so nothing was paid for them now.
    """

    case_id: str
    status: AttemptStatus
    output: str | None
    scores: tuple[MetricScore, ...] = ()
    error: str = ""
    usage: Usage = Usage()
    latency_seconds: float | None = None
    epoch: int = 1
    transcript: tuple[Message, ...] = ()
    num_steps: int = 1
    stop_reason: str = ""
    is_cached: bool = False

    @property
    def is_worth_another_try(self) -> bool:
        """True when the outside failed: the model or a judge was not reached, or a limit stopped the asking."""
        if self.status == "grader_error":
            return any(score.details.get("is_infra") is True for score in self.scores)
        return self.status in {"infra_error", "skipped"}


@dataclass(frozen=True, kw_only=True)
class EvalRun:
    """A suite run on a target: finished when every case has a result in every epoch."""

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
    """What a run, or the part of it that was possible now, came to: one result a case and epoch.

    They are in the suite's order, the epochs of a case one after another. `num_asked` samples
    were asked, or graded again, now; `num_kept` were on disk before. `stopped` says why not all
    were asked; empty otherwise.
    """

    results: tuple[SampleResult, ...]
    num_asked: int
    num_kept: int
    stopped: str = ""

    @property
    def is_finished(self) -> bool:
        """True when every sample has a result that asking, or judging, again would not improve.

        A judge that was not reached holds the run open; a grader that crashed, or whose judge's
        word cannot be read, does not: that would most likely happen again.
        """
        return not any(result.is_worth_another_try for result in self.results)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much of a suite has a score on a metric. `share` is scored / attempted, None when nothing was.

    An attempt is a case in one epoch. `by_status` counts the attempts; of `num_cases` x
    `num_epochs`, all but `num_attempted` were never asked.
    """

    metric: str
    num_cases: int
    num_attempted: int
    num_scored: int
    share: float | None
    by_status: dict[str, int]
    num_epochs: int = 1


@dataclass(frozen=True, kw_only=True)
class CoveredGoal:
    """A behaviour goal of a suite, what it means, and the cases that cover it, by their suite's purpose."""

    name: str
    meaning: str
    num_cases: int
    by_purpose: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class CoveredCase:
    """What one case covers; `intents` are the values of its `intent=` slices."""

    suite: str
    case_id: str
    purpose: Purpose
    goals: tuple[str, ...]
    intents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CoverageMap:
    """Which goals and intents the cases of some suites cover, and what nothing covers.

    `uncovered` are goals that no case names; `without_goal` are cases that name none, as `suite/case`.
    `by_intent` counts cases by intent and suite's purpose.
    """

    goals: tuple[CoveredGoal, ...]
    uncovered: tuple[str, ...]
    by_intent: dict[str, dict[str, int]]
    without_goal: tuple[str, ...]
    cases: tuple[CoveredCase, ...]


@dataclass(frozen=True, kw_only=True)
class EpochFigures:
    """How reliably cases pass when each is asked several times: pass@k and pass^k of one metric for one k.

    `pass_at` is the chance that at least one of k tries passes, `pass_hat` that all of them do,
    each the mean over `num_cases`; both are None, with the reason, when tries are missing.
    """

    metric: str
    k: int
    num_cases: int
    pass_at: float | None
    pass_hat: float | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Spending:
    """What answers took. A figure that some answers do not say is None, and `reason` says of how many.

    Tokens are those of all answers, dollars what was paid: nothing for one from the response cache.
    """

    num_samples: int
    num_cached: int
    input_tokens: int | None
    output_tokens: int | None
    dollars: float | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RunSpending:
    """What a run took: the target's answers, and its judges'."""

    target: Spending
    judges: Spending


@dataclass(frozen=True, kw_only=True)
class RunEstimate:
    """What is still to be asked of the target, and what it will probably and at most take.

    The expected figures assume that each conversation ends as scripted and that an answer takes
    half of what it may; the highest assume every limit is reached. Judges are not in it.
    Figures are None with the `reason` where they cannot be said.
    """

    num_samples: int
    expected_requests: int
    highest_requests: int
    expected_input_tokens: int
    highest_input_tokens: int
    expected_output_tokens: int
    highest_output_tokens: int
    expected_dollars: float | None
    highest_dollars: float | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RunProgress:
    """Where a run is: `num_done` of `num_samples` have a result, counted by status.

    `mean` is that of the primary metric over the `num_scored` samples that have one, None before
    the first. Tokens and dollars are what the answers so far say of themselves.
    """

    num_samples: int
    num_done: int
    by_status: dict[str, int]
    num_scored: int
    mean: float | None
    input_tokens: int
    output_tokens: int
    dollars: float
    num_cached: int
    concurrency: int | None = None


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """One case's score on one metric; `score` is None, with a reason, where there is none.

    With several epochs it is the mean over them.
    """

    id: str
    score: float | None
    reason: str = ""
    cluster: str | None = None
    slices: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


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
