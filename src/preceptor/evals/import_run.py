"""Other tools' runs as runs of ours: a suite of their cases, and a result a sample."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from preceptor.core.errors import InputError
from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject
from preceptor.evals.identity import suite_graders, suite_hashes
from preceptor.evals.run_format import ForeignRun, ForeignSample
from preceptor.evals.types import EvalCase, RunIdentity, SampleResult, Suite
from preceptor.grading.grader import graders
from preceptor.grading.types import MetricScore

MAX_CASES = 1_000_000


def suite_of(run: ForeignRun, name: str | None = None) -> Suite:
    """The suite that the run's cases make; every metric is a recorded one.

    Metrics and cases are in the order of the file; `primary` is the run's own, or the first
    metric. A case's text comes from its first epoch. Raises InputError for a run without cases
    or without any score.
    """
    cases: dict[str, EvalCase] = {}
    metrics: dict[str, None] = {}
    epochs = 1
    for sample in run.samples():
        cases.setdefault(sample.case.id, sample.case)
        metrics.update(dict.fromkeys(sample.scores))
        epochs = max(epochs, sample.epoch)
        if len(cases) > MAX_CASES:
            raise InputError(f"{run.suite!r} has more than {MAX_CASES:,} cases; split it")
    if not cases or not metrics:
        what = "case" if not cases else "score"
        raise InputError(f"{run.suite!r} on {run.target!r} has no {what}; did the run finish?")
    recorded: dict[str, JsonObject] = {metric: {"kind": "recorded", "name": metric} for metric in metrics}
    primary = run.primary if run.primary in metrics else next(iter(metrics))
    return Suite(name=name or run.suite, cases=tuple(cases.values()), graders=recorded, primary=primary, epochs=epochs)


def results_of(run: ForeignRun, suite: Suite) -> Iterator[SampleResult]:
    """Each sample's result, in the order of the file, with the scores that it has."""
    identities = {metric: graders.identify(grader) for metric, grader in suite_graders(suite).items()}
    for sample in run.samples():
        scores = tuple(
            MetricScore(
                metric=metric,
                value=score.value,
                reason=score.reason,
                grader=identities[metric],
                status="skipped" if score.value is None else "ok",
            )
            for metric, score in sample.scores.items()
        )
        yield _result(sample, scores)


def identity_of_import(run: ForeignRun, suite: Suite) -> RunIdentity:
    """What the run was made of, as far as its tool says.

    Only the cases' ids, wanted answers and metrics count for comparing: two tools' files of the
    same benchmark may hold other texts of a case (a changed prompt is what is tested), and they
    pair by id. Another wanted answer under the same id is another case.
    """
    bare = [EvalCase(id=case.id, messages=(), target=case.target) for case in suite.cases]
    cases, graders_hash = suite_hashes(dataclasses.replace(suite, cases=tuple(bare), passages={}))
    target = content_hash({"target": run.target, "model": run.model, "settings": run.settings})
    return RunIdentity(cases=cases, graders=graders_hash, target=target)


def _result(sample: ForeignSample, scores: tuple[MetricScore, ...]) -> SampleResult:
    return SampleResult(
        case_id=sample.case.id,
        epoch=sample.epoch,
        status=sample.status,
        output=sample.output,
        scores=scores,
        error=sample.error,
        usage=sample.usage,
        latency_seconds=sample.latency_seconds,
        transcript=sample.transcript,
        num_steps=max(1, sum(turn.role == "assistant" for turn in sample.transcript)),
    )
