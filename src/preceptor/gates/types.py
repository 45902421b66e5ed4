"""A gate policy, what each criterion says of the evidence, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.core.json_values import JsonObject
from preceptor.evals.types import ScoreRow
from preceptor.stats.types import Interval

Decision = Literal["pass", "fail", "inconclusive"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a gate reads: every metric's rows of both sides. `primary` is the metric where a criterion names none."""

    baseline: Mapping[str, Sequence[ScoreRow]]
    candidate: Mapping[str, Sequence[ScoreRow]]
    primary: str


@dataclass(frozen=True, kw_only=True)
class CriterionResult:
    """What one criterion says, with the figures it rests on.

    `required_n` is how many cases a pass takes if the shares or the spread seen stay as they
    are; None where more of the same would not pass.
    """

    kind: str
    verdict: Decision
    value: float | None
    interval: Interval | None
    n: int
    required_n: int | None
    reason: str
    metric: str = ""
    settings: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The decision and all it rests on: fail when a criterion fails, pass only when every one passes.

    Pure: the same evidence and policy give the same verdict for ever. `id` and `decided_at`
    are set where the verdict is kept.
    """

    verdict: Decision
    criteria: tuple[CriterionResult, ...]
    policy_hash: str
    policy_name: str = ""
    reason: str = ""
    id: str | None = None
    baseline_run: str | None = None
    candidate_run: str | None = None
    decided_at: datetime | None = None
