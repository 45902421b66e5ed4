"""Read human labels of answers from a file: a row an answer and annotator."""

from __future__ import annotations

from collections.abc import Collection
from math import isfinite
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import read_rows, text_of
from preceptor.core.storable_text import storable
from preceptor.judges.types import HumanLabel

MAX_SHOWN = 20
MAX_LABELS = 1_000_000
MAX_NAME_CHARACTERS = 200
MAX_REASON_CHARACTERS = 10_000
MAX_EPOCH = 10_000

ID_KEYS = ("id", "case_id")
VALUE_KEYS = ("label", "score")
SHOWN_KEYS = ("input", "output", "wanted")
"""What a sheet of answers to label shows; read over."""
KEYS = (*ID_KEYS, *VALUE_KEYS, "epoch", "annotator", "reason")
_TRUTHS = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}


def read_labels(path: Path, cases: Collection[str] | None = None) -> list[HumanLabel]:
    """The labels of a JSONL, JSON or CSV file, in order.

    A row is `{"id" (or "case_id"), "label" (or "score"), "epoch"?, "annotator"?, "reason"?}`; a
    label is a number from 0 to 1, or true or false. With `cases`, a label of another case is a
    mistake. A row whose label is blank is not labelled yet and is left out; `input`, `output` and
    `wanted`, which a sheet shows, are read over. Raises NotFoundError for no file, and InputError
    with a line for each bad row, each answer that an annotator labels twice, and for a file without rows.
    """
    rows = read_rows(path)
    if not rows:
        raise InputError(f'{path}: no rows; write one a label, such as {{"id": "case-1", "label": 1}}')
    if len(rows) > MAX_LABELS:
        raise InputError(f"{path}: {len(rows):,} rows, at most {MAX_LABELS:,} are read; split it")
    found: list[HumanLabel] = []
    problems: list[str] = []
    lines: dict[tuple[str, int, str], int] = {}
    for row in rows:
        if _is_blank(row.value):
            continue
        try:
            label = _label(row.value, cases)
        except InputError as error:
            problems.append(f"{path}:{row.number}: {error}")
            continue
        first = lines.setdefault((label.case_id, label.epoch, label.annotator), row.number)
        if first != row.number:
            whose = f"by {label.annotator!r}" if label.annotator else "without an annotator"
            problems.append(
                f"{path}:{row.number}: {label.case_id!r} has a label {whose} on line {first} already; keep one"
            )
        found.append(label)
    if problems:
        more = [f"{path}: and {len(problems) - MAX_SHOWN} more bad rows"] if len(problems) > MAX_SHOWN else []
        raise InputError("\n".join([*problems[:MAX_SHOWN], *more]))
    return found


def _is_blank(row: JsonObject) -> bool:
    """True for a row of a sheet that nobody has filled in."""
    named = [row[key] for key in VALUE_KEYS if key in row]
    return bool(named) and all(value is None or value == "" for value in named)


def _label(row: JsonObject, cases: Collection[str] | None) -> HumanLabel:
    unknown = [key for key in row if key not in (*KEYS, *SHOWN_KEYS)]
    if unknown:
        raise InputError(f"unknown key {unknown[0]!r}; known are {', '.join(KEYS)}")
    case_id = _name(_one_of(row, ID_KEYS), "id")
    if not case_id:
        raise InputError("id is empty; write the case's id")
    if cases is not None and case_id not in cases:
        raise InputError(f"no case {case_id!r} among those that were judged; check the id")
    reason = storable(text_of(row.get("reason")))
    if len(reason) > MAX_REASON_CHARACTERS:
        raise InputError(
            f"reason has {len(reason):,} characters, at most {MAX_REASON_CHARACTERS:,} are kept; shorten it"
        )
    return HumanLabel(
        case_id=case_id,
        value=_value(_one_of(row, VALUE_KEYS)),
        epoch=_epoch(row.get("epoch")),
        annotator=_name(row.get("annotator", ""), "annotator"),
        reason=reason,
    )


def _one_of(row: JsonObject, keys: tuple[str, ...]) -> JsonValue:
    there = [key for key in keys if key in row]
    if len(there) != 1:
        what = "both" if there else "neither"
        raise InputError(f"the row has {what} {keys[0]!r} {'and' if there else 'nor'} {keys[1]!r}; write one of them")
    return row[there[0]]


def _name(value: JsonValue, what: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InputError(f"{what} is {value!r}; write a text")
    name = storable(str(value)).strip()
    if len(name) > MAX_NAME_CHARACTERS:
        raise InputError(f"{what} has {len(name):,} characters, at most {MAX_NAME_CHARACTERS} are allowed")
    return name


def _value(value: JsonValue) -> float:
    if isinstance(value, str):
        text = value.strip().lower()
        try:
            number = _TRUTHS[text] if text in _TRUTHS else float(text)
        except ValueError as error:
            raise InputError(f"label is {value[:60]!r}; write a number from 0 to 1, or true or false") from error
    elif isinstance(value, (bool, int, float)):
        number = float(value) if abs(value) <= 1 else float("nan")
    else:
        raise InputError(f"label is {value!r}; write a number from 0 to 1, or leave the row out")
    if not isfinite(number) or not 0 <= number <= 1:
        raise InputError(f"label is {str(value)[:60]}; write a number from 0 to 1, or true or false")
    return number


def _epoch(value: JsonValue) -> int:
    if value is None or value == "":
        return 1
    text = text_of(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_EPOCH):
        raise InputError(f"epoch is {text[:60]!r}; write a whole number from 1 on")
    return int(text)
