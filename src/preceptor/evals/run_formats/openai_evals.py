"""Record files of OpenAI's evals (`oaieval`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.core.storable_text import storable
from preceptor.evals.foreign_files import iter_foreign_lines, object_at
from preceptor.evals.foreign_values import case_id, first_bytes, messages_of, moment_of, scores_of
from preceptor.evals.run_format import ForeignRun, ForeignSample, ForeignScore
from preceptor.evals.types import EvalCase

TEXTS = ("sampled", "picked", "prompt", "expected", "options")


@dataclass
class _Events:
    """What the records say of one sample so far."""

    prompt: JsonValue = None
    output: str | None = None
    expected: JsonValue = None
    error: str = ""
    scores: dict[str, ForeignScore] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OpenaiEvals:
    """One run's records: `match` gives the metric `match`, `metrics` one for each number in it.

    A sample with an error and no score was not reached. Samples are in the order in which they
    first stand in the file.
    """

    version: ClassVar[int] = 1

    def recognises(self, path: Path) -> bool:
        """Lines that start with the run's spec, or are events of one."""
        first = first_bytes(path, 1 << 16).split(b"\n", 1)[0]
        is_spec = b'"spec"' in first and b'"completion_fns"' in first
        return first.lstrip().startswith(b"{") and (is_spec or (b'"event_id"' in first and b'"sample_id"' in first))

    def read(self, path: Path) -> tuple[ForeignRun, ...]:
        """The one run of the file."""
        spec: JsonObject = {}
        for _, row in iter_foreign_lines(path):
            spec = object_at(row, "spec")
            break
        model = text_of(at_path(spec, "completion_fns.0")) or text_of(at_path(spec, "run_config.completion_fns.0"))
        return (
            ForeignRun(
                suite=text_of(spec.get("base_eval") or spec.get("eval_name")) or path.stem,
                target=model or "unknown model",
                model=model,
                primary="match",
                started_at=moment_of(spec.get("created_at")),
                settings={
                    "tool": "openai_evals",
                    "split": spec.get("split"),
                    "eval_name": spec.get("eval_name"),
                    "seed": at_path(spec, "run_config.seed"),
                },
                samples=lambda: _samples(path),
            ),
        )


def _samples(path: Path) -> Iterator[ForeignSample]:
    found: dict[str, _Events] = {}
    for place, row in iter_foreign_lines(path):
        if "sample_id" in row and row["sample_id"] is not None:
            _note(row, found.setdefault(case_id(row["sample_id"], place), _Events()))
    if not found:
        raise InputError(f"{path}: no record of a sample in it; is it the record file of a finished eval?")
    for name, events in found.items():
        is_error = bool(events.error) and not events.scores
        yield ForeignSample(
            case=EvalCase(id=name, messages=messages_of(events.prompt), target=events.expected),
            status="infra_error" if is_error else "ok",
            output=events.output,
            error=events.error if is_error else "",
            scores=events.scores,
        )


def _note(row: JsonObject, events: _Events) -> None:
    data = object_at(row, "data")
    kind = text_of(row.get("type"))
    if kind in {"sampling", "raw_sample"}:
        events.prompt = data.get("prompt", data.get("input", events.prompt))
        said = data.get("sampled", data.get("completion"))
        said = said[0] if isinstance(said, list) and said else said
        events.output = events.output if said is None else storable(text_of(said))
    elif kind == "match":
        events.scores.update(scores_of("match", data.get("correct")))
        events.expected = data.get("expected", events.expected)
        events.prompt = data.get("prompt", events.prompt)
        if events.output is None and data.get("sampled") is not None:
            events.output = storable(text_of(data["sampled"]))
    elif kind == "metrics":
        numbers = {name: value for name, value in data.items() if name not in TEXTS}
        for name, value in numbers.items():
            if isinstance(value, (bool, int, float)):
                events.scores.update(scores_of(name, value))
    elif kind == "error":
        events.error = storable(text_of(data.get("message") or data.get("error") or data))[:2000]
