"""A log that Inspect's viewer and tools read (`inspect view`, `read_eval_log`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import ClassVar

from preceptor.core.clock import to_text
from preceptor.core.ids import plain, plain_object
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.evals.run_exporter import RunToExport
from preceptor.evals.types import EvalCase, EvalRun, SampleResult
from preceptor.models.types import Message

LOG_VERSION = 2
ENOUGH_FOR_SPREAD = 2


@dataclass
class _Totals:
    """What the log's header says of all samples."""

    num_samples: int = 0
    num_answered: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    values: dict[str, list[float]] = field(default_factory=dict)
    num_unscored: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Inspect:
    """One JSON log: every sample with its messages, scores and error, and each metric's mean and standard error.

    A missing score stays out of a sample's scores: Inspect would read a null as a value.
    """

    version: ClassVar[int] = 1

    def lines(self, exported: RunToExport) -> Iterator[str]:
        """The log's text; one sample a piece."""
        totals = _totals(exported)
        header = _header(exported, totals)
        yield json.dumps(header, ensure_ascii=False, indent=1)[:-2] + ',\n "samples": [\n'
        cases, model = exported.cases(), _model(exported.run)
        separator = ""
        for result in exported.results():
            sample = _sample(cases[result.case_id], result, model)
            yield separator + json.dumps(sample, ensure_ascii=False)
            separator = ",\n"
        yield "\n ]\n}\n"


def _totals(exported: RunToExport) -> _Totals:
    totals = _Totals()
    for result in exported.results():
        totals.num_samples += 1
        totals.num_answered += result.status == "ok"
        totals.input_tokens += result.usage.input_tokens or 0
        totals.output_tokens += result.usage.output_tokens or 0
        for score in result.scores:
            if score.value is None:
                totals.num_unscored[score.metric] = totals.num_unscored.get(score.metric, 0) + 1
            else:
                totals.values.setdefault(score.metric, []).append(score.value)
    return totals


def _header(exported: RunToExport, totals: _Totals) -> JsonObject:
    run, suite = exported.run, exported.suite
    sampling = at_path(run.settings, "target.sampling")
    usage = {"input_tokens": totals.input_tokens, "output_tokens": totals.output_tokens}
    return {
        "version": LOG_VERSION,
        "status": "success" if run.finished_at else "started",
        "eval": {
            "eval_id": run.id,
            "run_id": run.id,
            "created": to_text(run.started_at),
            "task": run.suite,
            "task_id": run.identity.cases or run.id,
            "task_version": 0,
            "dataset": {
                "name": run.suite,
                "samples": len(suite.cases),
                "sample_ids": [case.id for case in suite.cases],
            },
            "model": _model(run),
            "model_args": {},
            "config": {"epochs": suite.epochs},
            "packages": {"preceptor": "exported"},
            "metadata": {"target": run.target, "identity": plain_object(run.identity), "primary": run.primary},
        },
        "plan": {"name": "plan", "steps": [], "config": _generate_config(sampling)},
        "results": {
            "total_samples": totals.num_samples,
            "completed_samples": totals.num_answered,
            "scores": [_metric(name, values, totals) for name, values in totals.values.items()],
        },
        "stats": {
            "started_at": to_text(run.started_at),
            "completed_at": to_text(run.finished_at) if run.finished_at else "",
            "model_usage": {_model(run): {**usage, "total_tokens": sum(usage.values())}},
        },
    }


def _generate_config(sampling: JsonValue) -> JsonObject:
    names = {"temperature": "temperature", "max_tokens": "max_tokens", "top_p": "top_p", "seed": "seed"}
    return {name: at_path(sampling, path) for name, path in names.items() if at_path(sampling, path) is not None}


def _metric(name: str, values: Sequence[float], totals: _Totals) -> JsonObject:
    n, mean = len(values), sum(values) / len(values)
    metrics: JsonObject = {"mean": {"name": "mean", "value": mean, "params": {}}}
    if n >= ENOUGH_FOR_SPREAD:
        spread = sqrt(sum((value - mean) ** 2 for value in values) / (n - 1) / n)
        metrics["stderr"] = {"name": "stderr", "value": spread, "params": {}}
    return {
        "name": name,
        "scorer": name,
        "scored_samples": n,
        "unscored_samples": totals.num_unscored.get(name, 0),
        "params": {},
        "metrics": metrics,
    }


def _sample(case: EvalCase, result: SampleResult, model: str) -> JsonObject:
    asked = [_message(turn) for turn in case.messages]
    answer: JsonObject = {"role": "assistant", "content": result.output or "", "source": "generate", "model": model}
    after = [_message(turn) for turn in result.transcript] or ([answer] if result.output is not None else [])
    stop_reason = "max_tokens" if result.stop_reason else "stop"
    choices: list[JsonValue] = [{"message": answer, "stop_reason": stop_reason}] if result.output is not None else []
    usage: JsonObject = {
        "input_tokens": result.usage.input_tokens or 0,
        "output_tokens": result.usage.output_tokens or 0,
        "total_tokens": (result.usage.input_tokens or 0) + (result.usage.output_tokens or 0),
    }
    sample: JsonObject = {
        "id": case.id,
        "epoch": result.epoch,
        "input": [*asked],
        "target": _target(case.target),
        "messages": [*asked, *after],
        "output": {"model": model, "choices": choices, "completion": result.output or "", "usage": usage},
        "scores": {
            score.metric: {"value": score.value, "explanation": score.reason, "metadata": score.details}
            for score in result.scores
            if score.value is not None
        },
        "metadata": {**case.metadata, "slices": [*case.slices], "tags": [*case.tags], "status": result.status},
        "store": {},
        "events": [],
        "model_usage": {model: usage},
        "total_time": result.latency_seconds,
        "working_time": result.latency_seconds,
        "attachments": {},
    }
    if result.status != "ok":
        said = f"{result.status}: {result.error}"
        sample["error"] = {"message": said, "traceback": said, "traceback_ansi": said}
    return sample


def _message(turn: Message) -> JsonObject:
    message: JsonObject = {"role": turn.role, "content": turn.content}
    if turn.tool_calls:
        message["tool_calls"] = [
            {"id": call.id, "function": call.name, "arguments": _arguments(call.arguments), "type": "function"}
            for call in turn.tool_calls
        ]
    if turn.tool_call_id is not None:
        message["tool_call_id"] = turn.tool_call_id
    return message


def _arguments(text: str) -> JsonValue:
    """What the model wrote, as an object; what is none stands under a key of its own, as it was."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"unreadable": text}


def _target(target: JsonValue) -> JsonValue:
    if target is None:
        return ""
    if isinstance(target, str) or (isinstance(target, list) and all(isinstance(item, str) for item in target)):
        return target
    return json.dumps(plain(target), ensure_ascii=False)


def _model(run: EvalRun) -> str:
    model = at_path(run.settings, "target.provider.model") or at_path(run.settings, "imported.model")
    return str(model or run.target)
