"""What produced a run's scores, read from what the run recorded when it began."""

from __future__ import annotations

from collections.abc import Mapping

from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.evals.types import EvalRun
from preceptor.gates.types import RunFacts

NO_DATASET = "no dataset"


def facts_of(run: EvalRun) -> RunFacts:
    """The facts; what the run's settings do not tell, as with another harness's run, stays empty.

    A grader whose settings name a `provider` is a judge: it counts, whole, as `judge` and not under
    `graders`. A run without judges has a known judge fact all the same: that there is none.
    """
    target = _object(run.settings.get("target"))
    graders, judges = _graders(run)
    return RunFacts(
        run_id=run.id,
        cases=run.identity.cases,
        graders=graders,
        judge=judges,
        dataset=_dataset(target),
        prompt=_hash_of_known(target, "system", "examples", "response_schema"),
        sampling=_hash_of_known(target, "sampling"),
        model=_model(target) or run.target,
        started_at=run.started_at,
        finished_at=run.finished_at,
        policies=_texts(run.settings.get("policies")),
    )


def _graders(run: EvalRun) -> tuple[str, str]:
    used = _object(run.settings.get("graders"))
    if not used:
        return run.identity.graders, ""
    judges = {metric: grader for metric, grader in used.items() if _is_judge(grader)}
    others = {metric: grader for metric, grader in used.items() if metric not in judges}
    return content_hash(others), content_hash(judges)


def _is_judge(grader: JsonValue) -> bool:
    return bool(_object(_object(grader).get("settings")).get("provider"))


def _dataset(target: JsonObject) -> str:
    if "examples_from" not in target:
        return ""
    source = target["examples_from"]
    return str(_object(source).get("dataset") or "") if source is not None else NO_DATASET


def _hash_of_known(target: JsonObject, first: str, *more: str) -> str:
    """The hash of these parts of the target; empty where the first of them is not there."""
    if first not in target:
        return ""
    return content_hash({name: target.get(name) for name in (first, *more)})


def _model(target: JsonObject) -> str:
    return str(_object(target.get("provider")).get("model") or "")


def _texts(value: JsonValue) -> dict[str, str]:
    return {name: text for name, text in _object(value).items() if isinstance(text, str)}


def _object(value: JsonValue) -> JsonObject:
    return dict(value) if isinstance(value, Mapping) else {}
