"""Read one side's scores from a file: a row a case."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import Row, read_rows, text_of
from preceptor.evals.types import ScoreRow

MAX_SHOWN = 20


def read_score_rows(path: Path) -> list[ScoreRow]:
    """The rows `{"id", "score", "cluster"?, "slice"?}` of a JSONL, JSON or CSV file, in order.

    A score is a number, true or false; null (an empty CSV cell) is a missing score, whose
    `reason` may stand beside it. `slice` is one name, a list of names, or a mapping whose
    entries become `name=value`. Raises NotFoundError for no file, and InputError with one
    line for each bad row, each id that stands twice, and for a file without rows.
    """
    rows = read_rows(path)
    if not rows:
        raise InputError(f'{path}: no rows; write one a case, such as {{"id": "case-1", "score": 1}}')
    found: list[ScoreRow] = []
    problems: list[str] = []
    lines: dict[str, int] = {}
    for row in rows:
        try:
            score_row = _score_row(row, is_text=path.suffix.lower() in {".csv", ".tsv"})
        except InputError as error:
            problems.append(f"{path}:{row.number}: {error}")
            continue
        first = lines.setdefault(score_row.id, row.number)
        if first != row.number:
            problems.append(f"{path}:{row.number}: id {score_row.id!r} is on line {first} already; keep one row a case")
        found.append(score_row)
    if problems:
        more = [f"{path}: and {len(problems) - MAX_SHOWN} more bad rows"] if len(problems) > MAX_SHOWN else []
        raise InputError("\n".join([*problems[:MAX_SHOWN], *more]))
    return found


def _score_row(row: Row, *, is_text: bool) -> ScoreRow:
    value = row.value
    for key in ("id", "score"):
        if key not in value:
            raise InputError(f"no {key!r}; the row has {', '.join(map(repr, value)) or 'nothing'}")
    return ScoreRow(
        id=_id(value["id"]),
        score=_score_of_text(value["score"]) if is_text else _score(value["score"]),
        reason=text_of(value.get("reason")),
        cluster=text_of(value.get("cluster")) or None,
        slices=_slices(value),
    )


def _id(value: JsonValue) -> str:
    if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value):
        return str(value)
    raise InputError(f"id is {value!r}; write a text that names the case")


def _score_of_text(value: JsonValue) -> float | None:
    text = str(value).strip()
    if not text:
        return None
    if text.lower() in {"true", "false"}:
        return float(text.lower() == "true")
    try:
        return _score(float(text))
    except ValueError as error:
        raise InputError(f"score is {text!r}; write a number") from error


def _score(value: JsonValue) -> float | None:
    if value is None:
        return None
    if not isinstance(value, (bool, int, float)):
        raise InputError(f"score is {value!r}; write a number, or null where there is none")
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise InputError(f"score is {number!r}; write a finite number, or null where there is none")
    return number


def _slices(value: JsonObject) -> tuple[str, ...]:
    written = value.get("slice", value.get("slices"))
    if isinstance(written, dict):
        return tuple(f"{name}={text_of(item)}" for name, item in written.items())
    if isinstance(written, list):
        return tuple(text_of(item) for item in written)
    return (text_of(written),) if written not in (None, "") else ()
