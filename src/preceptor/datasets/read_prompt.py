"""The conversation or the prompt of a row, in any of the usual shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.hh_turns import hh_prompt
from preceptor.datasets.media import MAX_MEDIA_IN_RECORD, MediaReader
from preceptor.datasets.media_columns import MARKS, with_media_columns
from preceptor.datasets.message_rows import Turns, parse_turns
from preceptor.datasets.read_fields import as_json, as_whole_number, read_objects, read_text
from preceptor.datasets.types import Media
from preceptor.models.types import Message

TEXT_FIELDS = ("text", "full_text")
SHAPES = "messages, conversations, prompt with an answer, instruction with output, or text"


class Prompt(NamedTuple):
    """The turns, their media and tools, and the fields of the row that hold them."""

    messages: tuple[Message, ...]
    media: tuple[Media, ...]
    tools: tuple[JsonObject, ...]
    fields: frozenset[str]


def read_prompt(row: JsonObject, reader: MediaReader) -> Prompt | None:
    """The turns that a row holds under `messages`, `conversations`, `prompt` or `instruction`; None without any.

    `system`, `tools` and media columns are read with them. Raises InputError, naming the field.
    """
    found = _turns(row, reader)
    if found is None:
        return None
    turns, fields = found
    if row.get("system") and not any(turn.role == "system" for turn in turns.messages):
        turns = with_system(turns, read_text(row, "system") or "")
        fields |= {"system"}
    media = (*turns.media, *_own_media(row))
    if len(media) > MAX_MEDIA_IN_RECORD:
        raise InputError(f"media holds more than {MAX_MEDIA_IN_RECORD:,} files; split the record")
    return Prompt(turns.messages, media, read_tools(row), frozenset(fields | {"media", "tools", "functions"}))


def with_system(turns: Turns, system: str) -> Turns:
    """The turns after a system turn; what stands in them moves with them."""
    moved = tuple(replace(one, message=one.message + 1) for one in turns.media)
    return Turns((Message(role="system", content=system), *turns.messages), moved)


def read_tools(row: JsonObject) -> tuple[JsonObject, ...]:
    """The tools that a record offers; a cell may hold them as JSON. The older `functions` lack the type."""
    tools = read_objects(row, "tools")
    functions: list[JsonValue] = [{"type": "function", "function": one} for one in read_objects(row, "functions")]
    found: list[JsonObject] = []
    for place, tool in enumerate(tools or functions):
        if not isinstance(tool, dict):
            raise InputError(f"tools[{place}] must be an object, not {kind_of(tool)}")
        found.append(tool)
    return tuple(found)


def _turns(row: JsonObject, reader: MediaReader) -> tuple[Turns, set[str]] | None:
    for name in ("messages", "conversations"):
        if row.get(name) is not None:
            turns = with_media_columns(as_json(row[name], name), row)
            return parse_turns(turns, name, reader), {name, *MARKS}
    prompt = row.get("prompt")
    if isinstance(prompt, str):
        return Turns(hh_prompt(prompt) or (Message(role="user", content=prompt),)), {"prompt"}
    if prompt is not None:
        return parse_turns(with_media_columns(prompt, row), "prompt", reader), {"prompt", *MARKS}
    return _instruction(row, reader) if row.get("instruction") is not None else None


def _instruction(row: JsonObject, reader: MediaReader) -> tuple[Turns, set[str]]:
    """Alpaca: the input stands below the instruction; `history` holds the earlier pairs of question and answer."""
    turns: list[JsonValue] = []
    for place, pair in enumerate(read_objects(row, "history")):
        if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a question and its answer
            raise InputError(f"history[{place}] must be a list of a question and its answer, not {pair!r:.60}")
        turns += [{"role": "user", "content": pair[0]}, {"role": "assistant", "content": pair[1]}]
    parts = [read_text(row, "instruction"), read_text(row, "input")]
    turns.append({"role": "user", "content": "\n".join(part for part in parts if part)})
    found = parse_turns(with_media_columns(turns, row), "history", reader)
    return found, {"instruction", "input", "history", *MARKS}


def _own_media(row: JsonObject) -> tuple[Media, ...]:
    """The media of a row that we wrote: the messages name them by place."""
    return tuple(_media(value, f"media[{place}]") for place, value in enumerate(read_objects(row, "media")))


def _media(value: JsonValue, field: str) -> Media:
    if not isinstance(value, dict):
        raise InputError(f"{field} must be an object, not {kind_of(value)}")
    kind = value.get("kind", "image")
    if kind not in {"image", "document", "audio", "video"}:
        raise InputError(f"{field}.kind is {kind!r:.40}; it is image, document, audio or video")
    found = MediaReader().read({name: value.get(name) for name in ("sha256", "media_type")}, kind, field)  # type: ignore[arg-type]  # checked above
    return Media(
        message=as_whole_number(value.get("message", 0), f"{field}.message"),
        at=as_whole_number(value.get("at", 0), f"{field}.at"),
        kind=found.kind,
        sha256=found.sha256,
        media_type=found.media_type,
    )
