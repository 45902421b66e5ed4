"""Plain rows: a case's id with its score or scores, and the answer where it was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

from preceptor.core.errors import InputError, PreceptorError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import BadRow, Row, iter_rows, text_of
from preceptor.core.storable_text import storable
from preceptor.evals.foreign_values import case_id, epoch_of, messages_of, metric_name, number_at, score_of, scores_of
from preceptor.evals.run_format import ForeignRun, ForeignSample, ForeignScore
from preceptor.evals.types import EvalCase
from preceptor.models.types import Usage

FILE_METRIC = "score"
SCORE_PREFIX = "score."


@dataclass(frozen=True, kw_only=True)
class Rows:
    """JSONL, JSON or CSV: `id` and `score` (or `scores`, a mapping; in CSV columns `score.<metric>`).

    May have `input`, `output`, `target`, `error`, `epoch`, `cluster`, `slice` or `slices`,
    `tags`, `latency_seconds`, `cost`. An empty score is a missing one; a row with an `error` was
    not reached. An id that stands again without an `epoch` is an error.
    """

    version: ClassVar[int] = 1

    def recognises(self, path: Path) -> bool:
        """The first row has an id and a score, and is no other tool's."""
        try:
            first = next(islice(iter_rows(path), 1), None)
        except PreceptorError:
            return False
        return isinstance(first, Row) and "id" in first.value and bool(_scores(first.value, is_text=False))

    def read(self, path: Path) -> tuple[ForeignRun, ...]:
        """The one run of the file, named after it."""
        return (ForeignRun(suite="rows", target=path.stem, settings={"tool": "rows"}, samples=lambda: _samples(path)),)


def _samples(path: Path) -> Iterator[ForeignSample]:
    is_text = path.suffix.lower() in {".csv", ".tsv"}
    seen: Counter[tuple[str, int]] = Counter()
    for row in iter_rows(path):
        place = f"{path}:{row.number}"
        if isinstance(row, BadRow):
            raise InputError(f"{place}: {row.reason}")
        sample = _sample(row.value, place, is_text=is_text)
        seen[sample.case.id, sample.epoch] += 1
        if seen[sample.case.id, sample.epoch] > 1:
            raise InputError(f"{place}: id {sample.case.id!r} stands twice; give another, or number its epochs")
        yield sample


def _sample(value: JsonObject, place: str, *, is_text: bool) -> ForeignSample:
    error = text_of(value.get("error"))
    return ForeignSample(
        case=EvalCase(
            id=case_id(value.get("id"), place),
            messages=messages_of(value.get("input", "")),
            target=value.get("target"),
            cluster=text_of(value.get("cluster")) or None,
            slices=_names(value.get("slices", value.get("slice"))),
            tags=_names(value.get("tags")),
        ),
        epoch=epoch_of(value.get("epoch"), place),
        status="infra_error" if error else "ok",
        output=None if value.get("output") is None else storable(text_of(value["output"])),
        error=storable(error)[:2000],
        scores={} if error else _scores(value, is_text=is_text),
        usage=Usage(cost=_number(value, "cost", is_text=is_text)),
        latency_seconds=_number(value, "latency_seconds", is_text=is_text),
    )


def _scores(value: JsonObject, *, is_text: bool) -> dict[str, ForeignScore]:
    found: dict[str, ForeignScore] = {}
    named = value.get("scores")
    if isinstance(named, dict):
        for metric, part in named.items():
            found.update(scores_of(metric, part))
        return found
    for name, score in value.items():
        # An empty cell is a missing score; the words `true` and `false` are truth values in CSV too.
        read = {"": None, "true": True, "false": False}.get(str(score).lower(), score) if is_text else score
        if name == FILE_METRIC:
            found[FILE_METRIC] = score_of(read, value.get("reason"))
        elif name.startswith(SCORE_PREFIX):
            found[metric_name(name.removeprefix(SCORE_PREFIX))] = score_of(read)
    return found


def _names(value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(f"{name}={text_of(item)}" for name, item in value.items())
    if isinstance(value, list):
        return tuple(text_of(item) for item in value)
    return (text_of(value),) if value not in (None, "") else ()


def _number(value: JsonObject, name: str, *, is_text: bool) -> float | None:
    if is_text and isinstance(value.get(name), str):
        return score_of(value[name]).value if value[name] else None
    return number_at(value, name)
