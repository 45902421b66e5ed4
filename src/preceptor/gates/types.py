"""A gate policy's rules, the evidence, what each criterion says of it, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.evals.types import ScoreRow
from preceptor.stats.types import Interval

Decision = Literal["pass", "fail", "inconclusive"]
Tier = Literal["critical", "supporting", "advisory"]
SignOffDecision = Literal["approve", "reject"]

LATENCY_METRIC = "run.latency_seconds"
COST_METRIC = "run.cost"
TOKENS_METRIC = "run.total_tokens"
"""Metrics that every run of ours has beside its graders': rows whose score is a figure of the case's answer."""

MUST_PASS = "must_pass"  # noqa: S105 - a tag of cases, no password
SEVERITY_SLICE = "severity="


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """What produced one side's scores, each part as a hash or a name; empty where it is not known.

    `graders` covers every grader's name, version and settings but the judges' (those are in
    `judge`: provider, model, prompt). `prompt` covers system text, examples and response schema;
    `dataset` is the version that the examples came from. `policies` are the hashes of the gate policies as they stood
    when the run began, by name.
    """

    run_id: str = ""
    cases: str = ""
    graders: str = ""
    judge: str = ""
    dataset: str = ""
    prompt: str = ""
    sampling: str = ""
    model: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    policies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class JudgeEvidence:
    """What is known of the judge behind one metric; `identity` is the hash of its model, prompt and rubric.

    `num_labels`, `agreement` (Cohen's kappa, with its interval) and `calibrated_at` are those of
    its newest calibration record with the same identity; None where there is no such record. The labels are
    human scores, 0 to 1, of the very answers in the two runs, by case.
    """

    identity: str
    num_labels: int | None = None
    agreement: float | None = None
    agreement_interval: Interval | None = None
    calibrated_at: datetime | None = None
    baseline_labels: Mapping[str, float] = field(default_factory=dict)
    candidate_labels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class JudgeRules:
    """What a policy asks of a judge before its scores may gate: the keys under `judges`.

    `min_agreement` is a floor for the lower end of kappa's interval; None asks for none. With
    `correction` "ppi", human labels of the very answers correct what the judge says, and the
    corrected interval decides; with "none" the judge is taken at its word.
    """

    min_labels: int = 50
    max_age_days: int = 180
    min_agreement: float | None = None
    correction: Literal["ppi", "none"] = "ppi"

    def __post_init__(self) -> None:
        if self.min_labels < 2:  # noqa: PLR2004 - one label has no spread
            raise InputError(f"min_labels is {self.min_labels!r}; write 2 or more, such as 50")
        if self.max_age_days < 1:
            raise InputError(f"max_age_days is {self.max_age_days!r}; write 1 or more, such as 180")
        if self.min_agreement is not None and not -1 <= self.min_agreement < 1:
            raise InputError(f"min_agreement is {self.min_agreement!r}; write a kappa below 1, such as 0.6")


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A named person's word that a criterion (of a slice, where one is named) need not be met until a date.

    `by` is who gave it, `role` in what capacity. `criterion` is the rule's name in the policy.
    """

    id: str
    policy: str
    criterion: str
    by: str
    role: str
    reason: str
    until: datetime
    made_at: datetime
    slice: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a gate reads: every metric's rows of both sides. `primary` is the metric where a criterion names none.

    `judges` holds what is known of the judge behind each metric that one scored. `as_of` is the
    moment of deciding: it is evidence, so that the same evidence gives the same verdict for ever.
    `judge_rules` are the policy's; `decide` sets them.
    """

    baseline: Mapping[str, Sequence[ScoreRow]]
    candidate: Mapping[str, Sequence[ScoreRow]]
    primary: str
    baseline_facts: RunFacts = RunFacts()
    candidate_facts: RunFacts = RunFacts()
    judges: Mapping[str, JudgeEvidence] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    as_of: datetime | None = None
    judge_rules: JudgeRules = JudgeRules()


@dataclass(frozen=True, kw_only=True)
class SliceResult:
    """What a criterion says of one slice; `adjusted_p` is Holm's, over all the slices that it looked at."""

    name: str
    verdict: Decision
    value: float | None
    interval: Interval | None
    n: int
    required_n: int | None = None
    reason: str = ""
    adjusted_p: float | None = None


@dataclass(frozen=True, kw_only=True)
class CriterionResult:
    """What one criterion says, with the figures it rests on.

    `required_n` is how many cases a pass takes if the shares or the spread seen stay as they
    are; None where more of the same would not pass. `name` and `tier` are the rule's in the
    policy. `waiver` is the id of the waiver that lets it pass by; empty where there is none.
    `method` names the test or interval; `cases` are the ids that decided it (a lost must-pass
    case, a P0), at most a few.
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
    name: str = ""
    tier: Tier = "critical"
    slices: tuple[SliceResult, ...] = ()
    cases: tuple[str, ...] = ()
    waiver: str = ""
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The decision (GO, NO-GO or INCONCLUSIVE as people say it) and all it rests on.

    Pure: the same evidence and policy give the same verdict for ever. `id` and `decided_at`
    are set where the verdict is kept. `notes` are what a reader must know beside the criteria:
    a policy that was changed after the run began, facts that could not be checked, a stale
    baseline. `sign_offs` are the roles that must approve before it counts as released.
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
    notes: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    sign_offs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """One person's word on a verdict, in a role; `reject` holds the release back."""

    id: str
    verdict_id: str
    role: str
    by: str
    decision: SignOffDecision
    remark: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Release:
    """That a verdict's candidate counts as released: by whom, and since when."""

    verdict_id: str
    by: str
    at: datetime
