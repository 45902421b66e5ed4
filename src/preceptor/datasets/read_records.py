"""Read training records from a JSONL, JSON or CSV file in the usual shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, cast

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, as_object
from preceptor.core.rows import BadRow, iter_rows, text_of
from preceptor.datasets.message_rows import parse_messages
from preceptor.datasets.record import make_record
from preceptor.datasets.types import Record, RecordKind, SplitName
from preceptor.models.types import Message

SPLITS: dict[str, SplitName] = {
    "train": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "test": "test",
}
CONTENT_FIELDS = {"messages", "prompt", "completion", "chosen", "rejected", "text"}
PROVENANCE_FIELDS = {
    "group", "split", "source_ids", "source", "licence", "license", "language",
    "annotators", "generator", "rationale", "metadata",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReadRecord:
    """A record as it stood in a file: its line, and its own id there (None when it has none)."""

    line: int
    own_id: str | None
    record: Record


class _Content(NamedTuple):
    kind: RecordKind
    messages: tuple[Message, ...]
    chosen: str | None = None
    rejected: str | None = None


def read_records(path: Path) -> Iterator[Record | BadRow]:
    """The records of a file, in order, without loading it whole; a row that is none comes as a BadRow."""
    for found in iter_read_records(path):
        yield found if isinstance(found, BadRow) else found.record


def iter_read_records(path: Path) -> Iterator[ReadRecord | BadRow]:
    """As `read_records`, with the line and the row's own id."""
    for row in iter_rows(path):
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            record = parse_record(row.value)
        except InputError as error:
            yield BadRow(number=row.number, reason=str(error))
            continue
        yield ReadRecord(line=row.number, own_id=_own_id(row.value), record=record)


def parse_record(row: JsonObject) -> Record:
    """The record that a row holds.

    Shapes: `messages`; `prompt` and `completion`; `prompt`, `chosen` and `rejected` (each a text
    or a list of messages; without `prompt`, the turns that both lists share are the prompt);
    `text`, which is one answer without a prompt. Fields that are not ours go to `metadata`. The
    record's id is the hash of its content; the row's own `id` is kept in `metadata`.
    Raises InputError, naming the field.

    >>> parse_record({"prompt": "2 + 2?", "completion": "4", "topic": "sums"}).metadata
    {'topic': 'sums'}
    """
    content = _content(row)
    record = make_record(content.kind, content.messages, content.chosen, content.rejected)
    return replace(
        record,
        group=_text(row, "group"),
        split=_split(row),
        source_ids=_texts(row, "source_ids"),
        source=_text(row, "source") or "",
        licence=_text(row, "licence") or _text(row, "license") or "",
        language=_text(row, "language") or "",
        annotators=_texts(row, "annotators"),
        generator=_text(row, "generator"),
        rationale=_text(row, "rationale") or "",
        metadata=_metadata(row),
    )


def _content(row: JsonObject) -> _Content:
    if "chosen" in row or "rejected" in row:
        return _preference(row)
    if "messages" in row:
        return _Content("sft", parse_messages(row["messages"], "messages"))
    if "prompt" in row and "completion" in row:
        answer = _answer(row["completion"], "completion")
        return _Content("sft", (*parse_messages(row["prompt"], "prompt"), *answer))
    if "text" in row:
        return _Content("sft", _answer(row["text"], "text"))
    raise InputError(
        f"has none of messages, prompt with completion, prompt with chosen and rejected, or text; "
        f"its fields are {', '.join(sorted(row)) or 'none'}"
    )


def _preference(row: JsonObject) -> _Content:
    prompt = row.get("prompt", row.get("messages"))
    chosen, rejected = _answer(row.get("chosen"), "chosen"), _answer(row.get("rejected"), "rejected")
    if prompt is None:
        # Conversations that branch: what they share is the prompt.
        shared = 0
        while shared < min(len(chosen), len(rejected)) - 1 and chosen[shared] == rejected[shared]:
            shared += 1
        messages, chosen, rejected = chosen[:shared], chosen[shared:], rejected[shared:]
    else:
        messages = parse_messages(prompt, "prompt")
    return _Content("preference", messages, _one_answer(chosen, "chosen"), _one_answer(rejected, "rejected"))


def _answer(value: JsonValue, field: str) -> tuple[Message, ...]:
    if isinstance(value, str):
        return (Message(role="assistant", content=value),)
    return parse_messages(value, field)


def _one_answer(messages: tuple[Message, ...], field: str) -> str:
    if len(messages) != 1 or messages[0].role != "assistant":
        raise InputError(f"{field} must be one answer of the assistant, not {len(messages)} messages; cut it")
    return messages[0].content


def _own_id(row: JsonObject) -> str | None:
    value = row.get("id")
    return None if value is None else text_of(value)


def _text(row: JsonObject, field: str) -> str | None:
    value = row.get(field)
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return text_of(value)
    raise InputError(f"{field} must be a text, not {kind_of(value)}")


def _texts(row: JsonObject, field: str) -> tuple[str, ...]:
    value = row.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{field} must be a list of texts, not {value!r:.60}")
    return tuple(cast("list[str]", value))


def _split(row: JsonObject) -> SplitName | None:
    written = _text(row, "split")
    if written is None:
        return None
    if written.lower() not in SPLITS:
        raise InputError(f"split {written!r:.60} is not one of {', '.join(sorted(SPLITS))}")
    return SPLITS[written.lower()]


def _metadata(row: JsonObject) -> JsonObject:
    written = as_object(row.get("metadata") or {}, "metadata")
    return {**written, **{key: row[key] for key in row if key not in CONTENT_FIELDS | PROVENANCE_FIELDS}}
