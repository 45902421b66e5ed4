"""What the release-readiness report is made from, and the report itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.datasets.types import DatasetVersion
from preceptor.evals.types import Comparison, EvalRun
from preceptor.gates.types import CriterionResult, Decision, JudgeEvidence, SignOff, Verdict, Waiver
from preceptor.governance.types import AuditReport
from preceptor.qc.types import Agreement
from preceptor.stats.types import Interval
from preceptor.triage.types import FailureMode

Side = Literal["baseline", "candidate"]
SignatureState = Literal["approved", "rejected", "not signed"]
WaiverState = Literal["used", "used, ended since", "open, not used", "ended"]


@dataclass(frozen=True, kw_only=True)
class LineageStep:
    """One step of the way back from the verdict to the traces; `count` is how many records stand there."""

    kind: str
    id: str
    title: str
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class EvaluatedTarget:
    """One side of the comparison: its run, how many cases ended in which status, and the model's name."""

    run: EvalRun
    coverage: Mapping[str, int]
    model: str = ""


@dataclass(frozen=True, kw_only=True)
class SampleScore:
    """One metric's score of one case on both sides; None where there is none, with the reason of that side."""

    metric: str
    baseline: float | None
    candidate: float | None
    baseline_reason: str = ""
    candidate_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SampleDiff:
    """One case as both sides answered it; an output is None where there was none, and the error says why."""

    case_id: str
    input: str
    baseline_output: str | None
    candidate_output: str | None
    scores: tuple[SampleScore, ...]
    baseline_error: str = ""
    candidate_error: str = ""
    slices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VerdictView:
    """A verdict as it is shown outside the workspace: with the names of both sides and, where known, their answers.

    `baseline` and `candidate` are what people call the two sides. `primary` is the metric that
    sorts the samples. `policy_file` is where the policy stands in the user's repository.
    """

    verdict: Verdict
    baseline: str = ""
    candidate: str = ""
    primary: str = ""
    samples: tuple[SampleDiff, ...] = ()
    policy_file: str = ""


@dataclass(frozen=True, kw_only=True)
class LabelEvidence:
    """What the labels rest on: items with a label, items left unresolved, and how far annotators agree."""

    num_resolved: int
    num_unresolved: int
    agreement: Agreement | None = None
    rubric: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportEvidence:
    """All that the report shows. What is None was not measured: `reasons` says why, by the field's name.

    `comparisons` maps a metric to its comparison; `primary` is the metric that sorts the
    samples and whose slices come first. `failure_modes` are those of production, worst first.
    `lineage` goes from the verdict back to the traces. `waivers` are those of the policy, ended
    ones too; `missing_roles` must still sign off. `judges` holds what is known of the judge
    behind each metric that one scored; `num_epochs` is how often each case was asked.
    """

    verdict: Verdict
    generated_at: datetime
    title: str = ""
    baseline: EvaluatedTarget | None = None
    candidate: EvaluatedTarget | None = None
    primary: str = ""
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    samples: tuple[SampleDiff, ...] | None = None
    failure_modes: tuple[FailureMode, ...] | None = None
    labels: LabelEvidence | None = None
    dataset: DatasetVersion | None = None
    limitations: tuple[str, ...] = ()
    risk_notes: tuple[str, ...] = ()
    lineage: tuple[LineageStep, ...] = ()
    audit: AuditReport | None = None
    waivers: tuple[Waiver, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    missing_roles: tuple[str, ...] = ()
    released_at: datetime | None = None
    released_by: str = ""
    judges: Mapping[str, JudgeEvidence] = field(default_factory=dict)
    num_epochs: int | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The verdict in one glance: the decision, why, and what would settle it (empty where it is settled)."""

    decision: Decision
    why: str
    needed: str = ""


@dataclass(frozen=True, kw_only=True)
class DeltaRow:
    """Candidate minus baseline for one metric or slice. `margin` is the largest loss that the policy accepts.

    `num_better` and `num_worse` count the cases whose score rose and fell; None for slices.
    Figures are in the score's own units and None, with a `reason`, where nothing could be paired.
    """

    name: str
    n: int
    baseline_mean: float | None
    candidate_mean: float | None
    difference: float | None
    interval: Interval | None
    confidence: float
    p_value: float | None
    test: str
    margin: float | None = None
    num_better: int | None = None
    num_worse: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SliceTable:
    """One metric's slices, the worst difference first."""

    metric: str
    rows: tuple[DeltaRow, ...]


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """How many of one side's cases ended in which status; `no result` counts those that left no record."""

    side: Side
    target: str
    num_cases: int
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """The content hash of one thing that the verdict rests on."""

    name: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class SortedSamples:
    """Samples by what became of them: worse (largest loss first), better, not comparable; the rest is counted."""

    regressed: tuple[SampleDiff, ...] = ()
    improved: tuple[SampleDiff, ...] = ()
    uncompared: tuple[SampleDiff, ...] = ()
    num_unchanged: int = 0


@dataclass(frozen=True, kw_only=True)
class SignatureRow:
    """What one role said of the release; `by` and `at` are empty where it has not spoken."""

    role: str
    state: SignatureState
    by: str = ""
    at: datetime | None = None
    remark: str = ""
    is_required: bool = True


@dataclass(frozen=True, kw_only=True)
class WaiverRow:
    """One waiver, and whether this verdict rests on it."""

    waiver: Waiver
    state: WaiverState


@dataclass(frozen=True, kw_only=True)
class ReadinessReport:
    """What a release manager reads, in the order in which it is read; nothing in it is markup.

    `costs` are the metrics where less is better: latency, cost, tokens. `release` is one sentence.
    """

    title: str
    headline: Headline
    criteria: tuple[CriterionResult, ...]
    metrics: tuple[DeltaRow, ...]
    costs: tuple[DeltaRow, ...]
    slices: tuple[SliceTable, ...]
    coverage: tuple[CoverageRow, ...]
    samples: SortedSamples | None
    risks: tuple[str, ...]
    limitations: tuple[str, ...]
    waivers: tuple[WaiverRow, ...]
    signatures: tuple[SignatureRow, ...]
    release: str
    fingerprints: tuple[Fingerprint, ...]
    evidence: ReportEvidence

    def why_missing(self, part: str) -> str:
        """The reason why a part of the evidence is not there."""
        return self.evidence.reasons.get(part) or "it was not part of the evidence for this report"
