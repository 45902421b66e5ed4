"""Output files of promptfoo (`promptfoo eval --output results.json`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.core.storable_text import storable
from preceptor.evals.foreign_files import object_at, read_foreign_json
from preceptor.evals.foreign_values import (
    count_at,
    first_bytes,
    messages_of,
    metric_name,
    moment_of,
    number_at,
    score_of,
)
from preceptor.evals.run_format import ForeignRun, ForeignSample, ForeignScore
from preceptor.evals.types import EvalCase
from preceptor.models.types import Usage

FAILED_BY_ERROR = 2
MARK = b'"results"'


@dataclass(frozen=True, kw_only=True)
class Promptfoo:
    """Each prompt and provider of the file is a run of its own; every row is counted anew.

    The file's own totals are not read: they are wrong after `--resume`. A case's id comes from
    its variables, so that two files pair by what was asked. A row that failed by an error has
    no score. Metrics: `pass` (every assertion held), `score`, and the named scores.
    """

    version: ClassVar[int] = 1

    def recognises(self, path: Path) -> bool:
        """JSON that starts with an eval's id, or with results and their prompts."""
        start = first_bytes(path, 1 << 16)
        return start.lstrip().startswith(b"{") and MARK in start and (b'"evalId"' in start or b'"promptIdx"' in start)

    def read(self, path: Path) -> tuple[ForeignRun, ...]:
        """One run for each prompt and provider, in their order."""
        log = read_foreign_json(path)
        results = object_at(log, "results") or log
        listed = results.get("results")
        rows = [row for row in (listed if isinstance(listed, list) else []) if isinstance(row, dict)]
        if not rows:
            raise InputError(f"{path}: no rows under results.results; is it an output of promptfoo?")
        groups: dict[str, list[JsonObject]] = {}
        for row in rows:
            groups.setdefault(f"{text_of(row.get('promptIdx'))}/{_provider(row)}", []).append(row)
        has_prompts = len({text_of(at_path(row, "prompt.raw")) for row in rows}) > 1
        suite = text_of(at_path(log, "config.description")) or path.stem
        moment = moment_of(results.get("timestamp"))
        settings: JsonObject = {
            "tool": "promptfoo",
            "tool_version": at_path(log, "metadata.promptfooVersion"),
            "results_version": results.get("version"),
        }
        return tuple(
            ForeignRun(
                suite=suite,
                target=_target(group[0], has_prompts=has_prompts),
                model=_provider(group[0]),
                primary="pass",
                started_at=moment,
                settings={**settings, "prompt": at_path(group[0], "prompt.label")},
                samples=lambda group=group: _samples(group),  # type: ignore[misc]  # each its own rows
            )
            for group in groups.values()
        )


def _provider(row: JsonObject) -> str:
    provider = row.get("provider")
    return text_of(provider.get("label") or provider.get("id")) if isinstance(provider, dict) else text_of(provider)


def _target(row: JsonObject, *, has_prompts: bool) -> str:
    label = text_of(at_path(row, "prompt.label") or at_path(row, "prompt.raw"))[:60]
    return f"{_provider(row)} / {label}" if has_prompts else _provider(row)


def _samples(rows: list[JsonObject]) -> Iterator[ForeignSample]:
    """A test that is repeated (`--repeat`) gives epochs."""
    epochs: Counter[str] = Counter()
    for row in rows:
        variables = object_at(row, "vars") or object_at(row.get("testCase"), "vars")
        name = content_id("test", {"vars": variables, "test": None if variables else row.get("testIdx")})
        epochs[name] += 1
        yield _sample(row, name, variables, epochs[name])


def _sample(row: JsonObject, name: str, variables: JsonObject, epoch: int) -> ForeignSample:
    response = object_at(row, "response")
    # A failed assertion stands under `error` too: only the reason tells it from a failed request.
    is_error = row.get("failureReason") == FAILED_BY_ERROR or (not response and bool(row.get("error")))
    output = response.get("output")
    latency = number_at(row, "latencyMs")
    return ForeignSample(
        case=EvalCase(
            id=name,
            messages=messages_of(at_path(row, "prompt.raw")),
            target=_wanted(row),
            metadata={"vars": variables, "description": at_path(row, "testCase.description")},
        ),
        epoch=epoch,
        status="infra_error" if is_error else "ok",
        output=None if output is None else storable(text_of(output)),
        error=storable(text_of(row.get("error")))[:2000] if is_error else "",
        scores={} if is_error else _scores(row),
        usage=Usage(
            input_tokens=count_at(response, "tokenUsage.prompt"),
            output_tokens=count_at(response, "tokenUsage.completion"),
            cost=number_at(row, "cost"),
        ),
        latency_seconds=None if latency is None else latency / 1000,
    )


def _scores(row: JsonObject) -> dict[str, ForeignScore]:
    reason = at_path(row, "gradingResult.reason")
    found = {"pass": score_of(row.get("success"), reason), "score": score_of(row.get("score"), reason)}
    for name, value in object_at(row, "namedScores").items():
        found[metric_name(name)] = score_of(value)
    return found


def _wanted(row: JsonObject) -> JsonValue:
    asserted = at_path(row, "testCase.assert")
    return asserted if isinstance(asserted, list) and asserted else None
