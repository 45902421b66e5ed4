"""Logs of Inspect: `.eval` archives (also those of a crashed run) and `.json`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.core.storable_text import storable
from preceptor.evals.foreign_files import foreign_object, object_at, read_foreign_json
from preceptor.evals.foreign_values import (
    case_id,
    content_text,
    count_at,
    epoch_of,
    first_bytes,
    messages_of,
    moment_of,
    number_at,
    plain_settings,
    scores_of,
)
from preceptor.evals.run_format import ForeignRun, ForeignSample, ForeignScore
from preceptor.evals.types import AttemptStatus, EvalCase
from preceptor.evals.zip_members import ZipMembers, open_zip
from preceptor.models.types import Message, ToolCall, Usage

ZIP_MAGIC = b"PK\x03\x04"
ATTACHMENT = "attachment://"
HEADER, START, SUMMARIES = "header.json", "_journal/start.json", "_journal/summaries/"
Samples = Callable[[], Iterator[JsonObject]]


@dataclass(frozen=True, kw_only=True)
class Inspect:
    """A log of Inspect, read without its package.

    A sample with an error has no score and counts as not reached, so it lowers coverage and
    not the score; samples that the log names and does not hold are skipped ones. A crashed
    run's archive has no header: what its journal and its finished samples say is read.
    """

    version: ClassVar[int] = 1

    def recognises(self, path: Path) -> bool:
        """An archive that ends in `.eval`, or JSON that starts with a log's version, status and eval."""
        start = first_bytes(path)
        if path.suffix == ".eval":
            return start.startswith(ZIP_MAGIC)
        return start.lstrip().startswith(b"{") and b'"version"' in start and b'"eval"' in start and b'"task"' in start

    def read(self, path: Path) -> tuple[ForeignRun, ...]:
        """The one run of the log."""
        if not first_bytes(path).startswith(ZIP_MAGIC):
            log = read_foreign_json(path)
            return (_run(path, log, lambda: _listed(log)),)
        members = open_zip(path)
        name = HEADER if HEADER in members.members else START
        if name not in members.members:
            raise InputError(f"{path}: holds neither {HEADER} nor {START}; it is no log of Inspect")
        header = foreign_object(members.read(name), f"{path}: {name}")
        return (_run(path, header, lambda: _archived(members)),)


def _listed(log: JsonObject) -> Iterator[JsonObject]:
    samples = log.get("samples")
    return (sample for sample in (samples if isinstance(samples, list) else []) if isinstance(sample, dict))


def _archived(members: ZipMembers) -> Iterator[JsonObject]:
    """The finished samples, then those of which a crashed run's journal has the summary only."""
    seen: set[tuple[str, JsonValue]] = set()
    for name in members.members:
        if name.startswith("samples/") and name.endswith(".json"):
            sample = foreign_object(members.read(name), f"{members.path}: {name}")
            seen.add((text_of(sample.get("id")), sample.get("epoch")))
            yield sample
    for name in members.members:
        if name.startswith(SUMMARIES) and name.endswith(".json"):
            wrapped = foreign_object(b'{"summaries":' + members.read(name) + b"}", f"{members.path}: {name}")
            found = wrapped["summaries"]
            for summary in found if isinstance(found, list) else []:
                if isinstance(summary, dict) and (text_of(summary.get("id")), summary.get("epoch")) not in seen:
                    yield summary


def _run(path: Path, header: JsonObject, samples: Samples) -> ForeignRun:
    spec = object_at(header, "eval")
    if not spec:
        raise InputError(f"{path}: there is no 'eval' in it; it is no log of Inspect")
    first = at_path(header, "results.scores.0.name") or at_path(spec, "scorers.0.name")
    return ForeignRun(
        suite=text_of(spec.get("task")) or path.stem,
        target=text_of(spec.get("model")) or "unknown model",
        model=text_of(spec.get("model")),
        primary=text_of(first),
        started_at=moment_of(at_path(header, "stats.started_at") or spec.get("created")),
        finished_at=moment_of(at_path(header, "stats.completed_at")),
        settings={
            "tool": "inspect_ai",
            "tool_version": at_path(spec, "packages.inspect_ai"),
            "status": header.get("status", "crashed"),
            "task_version": spec.get("task_version"),
            "dataset": plain_settings(spec.get("dataset"), ("name", "location", "samples")),
            "sampling": object_at(header.get("plan"), "config"),
        },
        samples=lambda: _with_skipped(path, spec, samples),
    )


def _with_skipped(path: Path, spec: JsonObject, samples: Samples) -> Iterator[ForeignSample]:
    there: set[str] = set()
    for number, sample in enumerate(samples(), start=1):
        found = _sample(sample, f"{path}: sample {number}")
        there.add(found.case.id)
        yield found
    named = at_path(spec, "dataset.sample_ids")
    for value in named if isinstance(named, list) else []:
        name = case_id(value, f"{path}: dataset.sample_ids")
        if name not in there:
            nothing = EvalCase(id=name, messages=(Message(role="user", content=""),))
            yield ForeignSample(case=nothing, status="skipped", error="the log names this sample and does not hold it")


def _sample(sample: JsonObject, place: str) -> ForeignSample:
    attachments = object_at(sample, "attachments")
    asked = messages_of(_resolved(sample.get("input"), attachments))
    messages = _transcript(_resolved(sample.get("messages"), attachments), asked)
    output = _output(_resolved(sample.get("output"), attachments), messages)
    error = at_path(sample, "error.message") or sample.get("error")
    status: AttemptStatus = "infra_error" if error else "ok"
    metadata = object_at(sample, "metadata")
    return ForeignSample(
        case=EvalCase(
            id=case_id(sample.get("id"), place), messages=asked, target=sample.get("target"), metadata=metadata
        ),
        epoch=epoch_of(sample.get("epoch"), place),
        status=status,
        output=None if error and not output else storable(output),
        error=storable(text_of(error))[:2000] if error else "",
        scores=_scores(object_at(sample, "scores")),
        usage=_usage(object_at(sample, "model_usage")),
        latency_seconds=number_at(sample, "working_time") or number_at(sample, "total_time"),
        transcript=messages if len(messages) > 1 else (),
    )


def _scores(scores: JsonObject) -> dict[str, ForeignScore]:
    found: dict[str, ForeignScore] = {}
    for name, score in scores.items():
        value = score.get("value") if isinstance(score, dict) else score
        reason = (score.get("reason") or score.get("explanation")) if isinstance(score, dict) else None
        found.update(scores_of(name, value, reason))
    return found


def _output(output: JsonValue, messages: tuple[Message, ...]) -> str:
    said = at_path(output, "choices.0.message.content")
    if said is None and isinstance(output, dict):
        said = output.get("completion")
    if said is None:
        return next((turn.content for turn in reversed(messages) if turn.role == "assistant"), "")
    return content_text(said)


def _transcript(messages: JsonValue, asked: tuple[Message, ...]) -> tuple[Message, ...]:
    """The turns from the model's first answer on, with the tool calls as Inspect writes them."""
    found: list[Message] = []
    for turn in messages if isinstance(messages, list) else []:
        calls = turn.get("tool_calls") if isinstance(turn, dict) else None
        for message in messages_of([turn]) if isinstance(turn, dict) and "role" in turn else ():
            made = tuple(_call(call) for call in (calls if isinstance(calls, list) else []))
            found.append(
                Message(
                    role=message.role,
                    content=message.content,
                    tool_calls=made,
                    tool_call_id=message.tool_call_id,
                )
            )
    # Prompts that the task added stand before the first answer; answers that were given stand in the input.
    answers = [place for place, turn in enumerate(found) if turn.role == "assistant"]
    num_given = sum(turn.role == "assistant" for turn in asked)
    return tuple(found[answers[num_given] :]) if len(answers) > num_given else ()


def _call(call: JsonValue) -> ToolCall:
    name = at_path(call, "function")
    return ToolCall(
        id=storable(text_of(at_path(call, "id"))),
        name=storable(text_of(name if isinstance(name, str) else at_path(call, "function.name"))),
        arguments=storable(text_of(at_path(call, "arguments") or at_path(call, "function.arguments"))),
    )


def _usage(by_model: JsonObject) -> Usage:
    """Tokens and dollars summed over the models; None where none of them says."""

    def total(path: str) -> int | None:
        counts = [count for part in by_model.values() if (count := count_at(part, path)) is not None]
        return sum(counts) if counts else None

    costs = [cost for part in by_model.values() if (cost := number_at(part, "total_cost")) is not None]
    return Usage(
        input_tokens=total("input_tokens"), output_tokens=total("output_tokens"), cost=sum(costs) if costs else None
    )


def _resolved(value: JsonValue, attachments: JsonObject) -> JsonValue:
    """The value with what was moved out of it put back."""
    if isinstance(value, str):
        kept = attachments.get(value.removeprefix(ATTACHMENT)) if value.startswith(ATTACHMENT) else None
        return value if kept is None else kept
    if isinstance(value, list):
        return [_resolved(item, attachments) for item in value]
    if isinstance(value, dict):
        return {key: _resolved(item, attachments) for key, item in value.items()}
    return value
