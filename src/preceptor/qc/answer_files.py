"""Read answers in long form from any CSV, TSV, JSONL or JSON file, for work without a workspace."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import Row, read_rows, text_of
from preceptor.qc.aggregator import ItemAnswer

ReadValue = Callable[[JsonValue], JsonValue]

MAX_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class AnswerColumns:
    """Which columns hold what."""

    item: str = "item"
    annotator: str = "annotator"
    value: str = "value"


def read_item_answers(path: Path, columns: AnswerColumns, read_value: ReadValue) -> list[ItemAnswer]:
    """Every answer in the file, in its order; an empty value is a missing answer, None.

    `read_value` gives the value that counts, or raises InputError. Raises InputError for an empty
    file, a column that is not there (it names those that are), and, each with its line, rows
    without item or annotator and values that cannot be used: a lost answer would change the result.
    """
    rows = read_rows(path)
    if not rows:
        raise InputError(f"{str(path)!r} holds no answers; write a row an answer")
    _refuse_missing_columns(path, columns, rows)
    answers: list[ItemAnswer] = []
    problems: list[str] = []
    for row in rows:
        try:
            answers.append(_answer(row, columns, read_value))
        except InputError as error:
            problems.append(f"{path}:{row.number}: {error}")
    if problems:
        more = [f"{path}: and {len(problems) - MAX_SHOWN} more such rows"] if len(problems) > MAX_SHOWN else []
        raise InputError("\n".join([*problems[:MAX_SHOWN], *more]))
    return answers


def read_label(value: JsonValue) -> JsonValue:
    """The value as it stands, as for a nominal scale; text loses the spaces around it."""
    return value.strip() if isinstance(value, str) else value


def read_number(value: JsonValue) -> JsonValue:
    """The finite number that the value is or spells; InputError for anything else.

    >>> read_number(" 2.5 "), read_number(3)
    (2.5, 3.0)
    """
    spelled = text_of(value).strip()
    try:
        number = float(spelled)
    except ValueError:
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number) or "_" in spelled:
        raise InputError(f"the value {value!r} is no number; leave it empty where an answer is missing")
    return number


def rank_reader(order: Sequence[str]) -> ReadValue:
    """Reads a value as its place in `order`, from the lowest.

    >>> rank_reader(["low", "high"])("high")
    1.0
    """
    ranks = {name: float(number) for number, name in enumerate(order)}
    if len(ranks) < len(order):
        raise InputError(f"the order {','.join(order)!r} names a value twice; name each once")

    def read_rank(value: JsonValue) -> JsonValue:
        rank = ranks.get(text_of(value).strip())
        if rank is None:
            raise InputError(f"the value {value!r} is not in the order {', '.join(order)}; add it or correct the value")
        return rank

    return read_rank


def _refuse_missing_columns(path: Path, columns: AnswerColumns, rows: Sequence[Row]) -> None:
    known = list(dict.fromkeys(name for row in rows for name in row.value))
    missing = [name for name in (columns.item, columns.annotator, columns.value) if name not in known]
    if missing:
        named = " and ".join(repr(name) for name in missing)
        raise InputError(
            f"{str(path)!r} has no column {named}; it has {', '.join(map(repr, known))}; "
            "name the right ones with --item-col, --annotator-col and --value-col"
        )


def _answer(row: Row, columns: AnswerColumns, read_value: ReadValue) -> ItemAnswer:
    item, annotator = (text_of(row.value.get(name)).strip() for name in (columns.item, columns.annotator))
    for name, found in ((columns.item, item), (columns.annotator, annotator)):
        if not found:
            raise InputError(f"{name!r} is empty; every answer belongs to an item and an annotator")
    value = row.value.get(columns.value)
    if not text_of(value).strip():
        return ItemAnswer(item=item, annotator=annotator, value=None)
    return ItemAnswer(item=item, annotator=annotator, value=read_value(value))
