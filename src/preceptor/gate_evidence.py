"""Collect what a gate reads of two kept runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from preceptor.core.errors import ConflictError
from preceptor.evals.coverage import score_rows
from preceptor.evals.identity import suite_graders
from preceptor.evals.store import RunStore, SampleStore, run_graders
from preceptor.evals.types import EvalRun, SampleResult, ScoreRow, Suite
from preceptor.gates.facts import facts_of
from preceptor.gates.figure_rows import figure_rows
from preceptor.gates.judge_evidence import judge_evidence
from preceptor.gates.store import WaiverStore
from preceptor.gates.types import Evidence, JudgeEvidence
from preceptor.grading.grader import metric_names
from preceptor.judges.store import CalibrationStore, HumanScoreStore
from preceptor.kept_runs import kept_suite
from preceptor.storage.blobs import BlobStore


@dataclass(frozen=True, kw_only=True)
class RunSide:
    """One side of a gate: its run, the suite as it was then, its samples and every metric's rows."""

    run: EvalRun
    suite: Suite
    results: tuple[SampleResult, ...]
    rows: Mapping[str, Sequence[ScoreRow]]


def run_side(connection: Connection, blobs: BlobStore, run_id: str) -> RunSide:
    """The side that a run is; ConflictError for one that is not finished, NotFoundError for none."""
    run = RunStore(connection).get(run_id)
    if run.finished_at is None:
        raise ConflictError(f"{run.id!r} is not finished; run the same suite and target again to go on with it")
    suite = kept_suite(blobs, run)
    results = tuple(SampleStore(connection).iter_for_run(run.id))
    rows = {metric: score_rows(suite, results, metric) for metric in metric_names(suite_graders(suite))}
    return RunSide(run=run, suite=suite, results=results, rows={**rows, **figure_rows(suite, results)})


def collect_gate_evidence(
    connection: Connection, baseline: RunSide, candidate: RunSide, policy_name: str, as_of: datetime
) -> Evidence:
    """Scores and facts of both runs, what is known of their judges, and the policy's waivers."""
    return Evidence(
        baseline=baseline.rows,
        candidate=candidate.rows,
        primary=candidate.run.primary,
        baseline_facts=facts_of(baseline.run),
        candidate_facts=facts_of(candidate.run),
        judges=_judges(connection, baseline.run, candidate),
        waivers=tuple(WaiverStore(connection).list_standing(policy_name)),
        as_of=as_of,
    )


def _judges(connection: Connection, baseline: EvalRun, candidate: RunSide) -> dict[str, JudgeEvidence]:
    """Of every metric that a judge scored, its dimensions too."""
    graders = suite_graders(candidate.suite)
    found: dict[str, JudgeEvidence] = {}
    for metric, identity in run_graders(candidate.run).items():
        if not identity.settings.get("provider"):
            continue
        calibration = CalibrationStore(connection).find_newest(identity.hash)
        for name in metric_names({metric: graders[metric]}):
            labels = [
                [score.label for score in HumanScoreStore(connection).iter_for(run.id, name)]
                for run in (baseline, candidate.run)
            ]
            found[name] = judge_evidence(identity.hash, calibration, *labels)
    return found
