"""Judges compared with people: answers to label, labels, calibration records."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.files import write_text
from preceptor.core.json_values import JsonObject
from preceptor.core.pages import Page
from preceptor.evals.grade_sample import sample_to_grade
from preceptor.evals.identity import suite_graders
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import EvalRun, SampleResult, Suite
from preceptor.grading.grader import ModelGrader, asks_model, graders
from preceptor.grading.judges import open_judges
from preceptor.grading.types import Sample
from preceptor.judges.calibrate import CalibrationPlan, calibrate
from preceptor.judges.judged_answers import judged_answers
from preceptor.judges.label_probes import probe_length, probe_self_preference
from preceptor.judges.labels import read_labels
from preceptor.judges.probes import asker, probe_padding, probe_position, probe_repeats
from preceptor.judges.store import CalibrationStore, HumanScoreStore
from preceptor.judges.types import Calibration, HumanLabel, HumanScore, Probe
from preceptor.kept_runs import kept_suite
from preceptor.models.response_cache import open_cache
from preceptor.workspace.core import Core

PROBED_ANSWERS = 50


@dataclass(frozen=True, kw_only=True)
class JudgedRun:
    """A run, its suite, its answers and the judge behind one of its metrics."""

    run: EvalRun
    suite: Suite
    results: tuple[SampleResult, ...]
    metric: str
    grader: ModelGrader

    @property
    def judge(self) -> str:
        """The hash of the judge's model, prompt and rubric."""
        return graders.identify(self.grader).hash


@dataclass(frozen=True)
class Judges:
    """Judges compared with people: answers to label, labels, calibration records."""

    core: Core

    def sample(self, run_id: str, metric: str, count: int, path: Path, seed: int = 0) -> int:
        """Write answers for people to label, drawn at random from those the judge scored; how many.

        The judge's scores are not shown. Only a random draw may correct a rate: do not choose by hand.
        The draw hangs on the case and the seed alone, so two runs of one suite give the same cases.
        """
        judged = self._judged(run_id, metric)
        cases = {case.id: case for case in judged.suite.cases}
        answered = [one for one in judged.results if one.output is not None and _score(one, metric) is not None]
        if not answered:
            raise NotFoundError(f"{run_id!r} has no answer with a score of {metric!r}; is it a judge's metric?")
        chosen = sorted(answered, key=lambda one: _draw(seed, metric, one))[:count]
        rows = [
            _label_row(one, cases[one.case_id].messages[-1].content, cases[one.case_id].target)
            for one in sorted(chosen, key=lambda one: (one.case_id, one.epoch))
        ]
        write_text(path, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
        return len(rows)

    def add_labels(self, run_id: str, metric: str, path: Path) -> int:
        """Keep people's labels of a run's answers; how many are new. InputError names every bad row.

        Raises ConflictError where a label contradicts one that is kept.
        """
        judged = self._judged(run_id, metric)
        labels = read_labels(path, {case.id for case in judged.suite.cases})
        now = self.core.clock()
        with self.core.change("judges.add_labels") as change:
            scores = [HumanScore(run_id=run_id, metric=metric, label=label, made_at=now) for label in labels]
            num_new = HumanScoreStore(change.connection).add_many(scores)
            change.subject, change.details = run_id, {"metric": metric, "labels": len(labels), "new": num_new}
        return num_new

    def calibrate(self, run_id: str, metric: str, *, threshold: float = 0.5, with_probes: bool = True) -> Calibration:
        """The record of how far the judge of a metric agrees with the labels of a run's answers, kept.

        With probes the judge is asked again: padded answers, repeats, and both orders where it
        compares. Raises NotFoundError where nobody labelled an answer yet.
        """
        judged = self._judged(run_id, metric)
        with self.core.database.read() as connection:
            labels = [one.label for one in HumanScoreStore(connection).iter_for(run_id, metric)]
        if not labels:
            raise NotFoundError(
                f"no labels of {metric!r} in {run_id!r}; draw answers with `preceptor judge sample`, "
                "label them, and add them with `preceptor judge label`"
            )
        plan = CalibrationPlan(judge=judged.judge, metric=metric, threshold=threshold)
        answers = judged_answers(
            judged.results, {case.id: case for case in judged.suite.cases}, metric, author=_author(judged.run)
        )
        own = str(judged.grader.provider.get("model", ""))
        probes = [probe_length(answers, labels), probe_self_preference(answers, labels, own)]
        if with_probes:
            probes += asyncio.run(self._probe(judged, labels, threshold))
        record = calibrate(answers, labels, plan, self.core.clock(), probes)
        with self.core.change("judges.calibrate") as change:
            CalibrationStore(change.connection).add(record)
            change.subject, change.details = record.id, {"run": run_id, "metric": metric, "labels": record.num_labels}
        return record

    def get(self, calibration_id: str) -> Calibration:
        """A calibration record; NotFoundError for none."""
        with self.core.database.read() as connection:
            return CalibrationStore(connection).get(calibration_id)

    def list_page(self, cursor: str | None = None) -> Page[Calibration]:
        """One page of calibration records, the newest first."""
        with self.core.database.read() as connection:
            return CalibrationStore(connection).list_newest(cursor=cursor)

    async def _probe(self, judged: JudgedRun, labels: Sequence[HumanLabel], threshold: float) -> list[Probe]:
        labelled = {(label.case_id, label.epoch) for label in labels}
        cases = {case.id: case for case in judged.suite.cases}
        samples: list[Sample] = [
            sample_to_grade(judged.suite, cases[one.case_id], one)
            for one in judged.results
            if (one.case_id, one.epoch) in labelled and one.output is not None
        ][:PROBED_ANSWERS]
        async with (
            open_cache(self.core.database, self.core.clock) as cache,
            open_judges({judged.metric: judged.grader}, self.core.resources, cache=cache) as models,
        ):
            ask = asker(judged.metric, judged.grader, models[judged.metric])
            position = await probe_position(samples, ask)
            padding = await probe_padding(samples, ask)
            repeats = await probe_repeats(samples, ask, threshold=threshold)
        return [position, padding, *repeats]

    def _judged(self, run_id: str, metric: str) -> JudgedRun:
        with self.core.database.read() as connection:
            run = RunStore(connection).get(run_id)
            results = tuple(SampleStore(connection).iter_for_run(run_id))
        suite = kept_suite(self.core.blobs, run)
        made = suite_graders(suite)
        grader = made.get(metric) or made.get(metric.rpartition(".")[0])
        if grader is None or not asks_model(grader):
            asking = ", ".join(name for name, one in made.items() if asks_model(one)) or "none"
            raise InputError(f"no judge scores {metric!r} in {run_id!r}; metrics with a judge: {asking}")
        return JudgedRun(run=run, suite=suite, results=results, metric=metric, grader=grader)


def _score(result: SampleResult, metric: str) -> float | None:
    return next((score.value for score in result.scores if score.metric == metric), None)


def _draw(seed: int, metric: str, result: SampleResult) -> str:
    """A number by chance that stays the same for a case and epoch."""
    return hashlib.sha256(f"{seed}:{metric}:{result.case_id}:{result.epoch}".encode()).hexdigest()


def _label_row(result: SampleResult, asked: str, target: object) -> JsonObject:
    wanted: JsonObject = {} if target is None else {"wanted": json.loads(json.dumps(target))}
    said: JsonObject = {"id": result.case_id, "epoch": result.epoch, "input": asked, "output": result.output}
    return {**said, **wanted, "label": None, "annotator": "", "reason": ""}


def _author(run: EvalRun) -> str:
    target = run.settings.get("target")
    provider = target.get("provider") if isinstance(target, dict) else None
    return str(provider.get("model", "")) if isinstance(provider, dict) else ""
