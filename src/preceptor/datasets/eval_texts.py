"""The texts of an eval set's cases, to look for in training data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import BadRow, Row, text_of
from preceptor.datasets.batch import TEXT_SEPARATOR
from preceptor.datasets.message_rows import parse_messages
from preceptor.datasets.sound_rows import iter_sound_rows

TEXT_FIELDS = ("input", "messages", "prompt", "question", "problem", "text")
ID_FIELDS = ("id", "task_id", "question_id")
CHOICE_FIELDS = ("choices", "options")
LETTERS = ("A", "B", "C", "D", "E")
MAX_BAD_SHOWN = 20


def read_eval_texts(path: Path) -> dict[str, str]:
    """The cases' texts by id, from JSONL, JSON, CSV or Parquet.

    The id is the row's `id`, `task_id` (HumanEval) or `question_id`, or `line N` where it has none or it
    stands twice. The text is the first of `input`, `messages`, `prompt`, `question`, `problem` and
    `text` that a row has, itself a text or a list of messages (joined, without the system turn:
    it belongs to the product, not to the case). An `instruction` (Alpaca) comes before its input. The
    choices of a question (`choices`, `options`, or columns A to E) are parts of their own, after
    TEXT_SEPARATOR: whether a record letters them or leaves them out, the question is found.
    Raises InputError naming each line that cannot be used: a case that was passed over could hide
    a leak.
    """
    texts: dict[str, str] = {}
    bad: list[BadRow] = []
    for row in iter_sound_rows(path):
        found = row if isinstance(row, BadRow) else _case_text(row)
        if isinstance(found, BadRow):
            bad.append(found)
        elif isinstance(row, Row):
            texts[_case_id(row, texts)] = found
    if bad:
        shown = [f"{path}:{row.number}: {row.reason}" for row in bad[:MAX_BAD_SHOWN]]
        more = [f"{path}: and {len(bad) - MAX_BAD_SHOWN} more bad lines"] if len(bad) > MAX_BAD_SHOWN else []
        raise InputError("\n".join([*shown, *more]))
    if not texts:
        raise InputError(f"{str(path)!r} holds no eval cases; name a file with one case a line")
    return texts


def read_eval_sets(paths: Sequence[Path]) -> dict[str, str]:
    """The cases of several files; an id that an earlier file has too is written `<file's stem>:<id>`."""
    texts: dict[str, str] = {}
    for path in paths:
        for case_id, text in read_eval_texts(path).items():
            name = case_id if case_id not in texts else f"{path.stem}:{case_id}"
            if name in texts:
                raise InputError(f"the eval case {name!r} stands in two files of one name; rename one of them")
            texts[name] = text
    return texts


def question_of(text: str) -> str:
    """What a case asks, without the choices of its answer."""
    return text.split(TEXT_SEPARATOR, 1)[0]


def _case_id(row: Row, taken: dict[str, str]) -> str:
    field = next((name for name in ID_FIELDS if row.value.get(name) is not None), None)
    number = text_of(row.value[field]) if field else ""
    return number if number and number not in taken else f"line {row.number}"


def _case_text(row: Row) -> str | BadRow:
    try:
        return TEXT_SEPARATOR.join([_asked(row.value), *_choices(row.value)])
    except InputError as error:
        return BadRow(number=row.number, reason=str(error))


def _asked(row: JsonObject) -> str:
    instruction = row.get("instruction")
    texts = [] if instruction is None else [_text(instruction, "instruction")]
    field = next((name for name in TEXT_FIELDS if row.get(name) is not None), None)
    if field is None and not texts:
        raise InputError(f"has none of {', '.join(TEXT_FIELDS)}; its fields are {', '.join(sorted(row)) or 'none'}")
    if field is not None:
        texts.append(_text(row[field], field))
    return "\n".join(text for text in texts if text)


def _text(value: JsonValue, field: str) -> str:
    messages = parse_messages(value, field)
    return "\n".join(message.content for message in messages if message.role != "system")


def _choices(row: JsonObject) -> Iterator[str]:
    field = next((name for name in CHOICE_FIELDS if row.get(name)), None)
    value = row[field] if field else [row[letter] for letter in LETTERS if letter in row]
    if isinstance(value, dict):
        # ARC has {"text": [...], "label": [...]}, others {"A": text, ...}.
        value = value["text"] if isinstance(value.get("text"), list) else list(value.values())
    if isinstance(value, list):
        yield from (text_of(choice) for choice in value if choice not in (None, ""))
    elif isinstance(value, str):
        yield value
    else:
        raise InputError(f"{field} must be a list of texts, not {value!r:.60}")
