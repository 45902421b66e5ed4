"""The texts of a row of a file, whatever its shape, and the row with other texts in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from preceptor.core.construct import Path, path_text
from preceptor.core.json_values import JsonObject, JsonValue

# Where training data, in the usual shapes, keeps what people and models said.
TEXT_FIELDS = (
    "text", "messages", "conversations", "conversation", "prompt", "completion", "chosen", "rejected", "response",
    "responses", "ranked", "completions", "steps", "rationale", "system", "instruction", "input", "output", "question",
    "answer", "target", "content",
)  # fmt: skip
# What tells turns and parts apart, and is no text of anybody's.
NAMES_IN_TURNS = frozenset(
    {"role", "from", "type", "id", "tool_call_id", "media_type", "sha256", "image_url", "image", "rank", "label"}
)
JSON_TEXTS = frozenset({"arguments"})


class RowText(NamedTuple):
    """A text and where it stands in the row; `is_json` for the arguments of a call, which are JSON in a text."""

    at: Path
    text: str

    @property
    def field(self) -> str:
        """The place as people write it: `messages[0].content`."""
        return path_text(self.at)

    @property
    def is_json(self) -> bool:
        """True for the arguments of a call, which are JSON in a text."""
        return self.at[-1] in JSON_TEXTS


def iter_row_texts(row: JsonObject, fields: Sequence[str] = ()) -> Iterator[RowText]:
    """Each text in the fields that hold texts, and in those of `fields`, in the order of the row.

    >>> [one.field for one in iter_row_texts({"id": "r1", "messages": [{"role": "user", "content": "hi"}]})]
    ['messages[0].content']
    """
    for name, value in row.items():
        if name in TEXT_FIELDS or name in fields:
            yield from _texts(value, (name,))


def unread_fields(row: JsonObject, fields: Sequence[str] = ()) -> set[str]:
    """The other fields of the row that hold something which may have texts in it.

    >>> unread_fields({"id": "r1", "text": "hi", "n": 3, "user": "ada"})
    {'user'}
    """
    return {
        name
        for name, value in row.items()
        if isinstance(value, (str, list, dict)) and value and name not in {"id", *TEXT_FIELDS, *fields}
    }


def with_row_texts(row: JsonObject, change: Callable[[RowText], str], fields: Sequence[str] = ()) -> JsonObject:
    """The row with each of its texts changed, everything else as it stood."""
    return {
        name: _changed(value, (name,), change) if name in TEXT_FIELDS or name in fields else value
        for name, value in row.items()
    }


def _texts(value: JsonValue, at: Path) -> Iterator[RowText]:
    if isinstance(value, str):
        if value:
            yield RowText(at, value)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in NAMES_IN_TURNS:
                yield from _texts(item, (*at, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _texts(item, (*at, place))


def _changed(value: JsonValue, at: Path, change: Callable[[RowText], str]) -> JsonValue:
    if isinstance(value, str):
        return change(RowText(at, value)) if value else value
    if isinstance(value, dict):
        return {
            name: item if name in NAMES_IN_TURNS else _changed(item, (*at, name), change)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_changed(item, (*at, place), change) for place, item in enumerate(value)]
    return value
