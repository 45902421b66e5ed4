"""What a trace may hold at most, so that one damaged record cannot fill the database."""

from __future__ import annotations

import dataclasses
import math

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.traces.types import Trace

MAX_TEXT_CHARACTERS = 4_000_000
MAX_NAME_CHARACTERS = 500  # an index of PostgreSQL holds 2,704 bytes a key
MAX_SCORES = 1_000
MAX_METADATA_BYTES = 64_000
MAX_KEY_CHARACTERS = 200
REPLACEMENT = "\ufffd"


def bounded(trace: Trace) -> Trace:
    """The trace itself when it is of a usable size; metadata that does not fit is left out by name.

    Raises InputError for texts that are longer than 4 million characters together, for names
    (conversation, model, finish reason, score) of more than 500 characters, and for too many scores.
    """
    total = len(trace.error or "")
    for message in trace.turns:
        total += len(message.content) + sum(len(call.arguments) for call in message.tool_calls)
    if total > MAX_TEXT_CHARACTERS:
        raise InputError(f"the texts are {total:,} characters long; at most {MAX_TEXT_CHARACTERS:,} are kept, split it")
    if len(trace.recorded_scores) > MAX_SCORES:
        raise InputError(f"{len(trace.recorded_scores):,} recorded scores; at most {MAX_SCORES:,} are kept")
    for what, name in _names(trace):
        if name is not None and len(name) > MAX_NAME_CHARACTERS:
            raise InputError(f"the {what} {name!r:.60} is {len(name):,} characters long; at most {MAX_NAME_CHARACTERS}")
    return dataclasses.replace(trace, metadata=bounded_metadata(trace.metadata))


def bounded_metadata(metadata: JsonObject) -> JsonObject:
    """The entries that fit into 64 kB, in their order; the names of the others under `left_out`.

    >>> bounded_metadata({"page": "x" * 100_000, "user": "u1"})
    {'user': 'u1', 'left_out': ['page']}
    """
    kept: JsonObject = {}
    left_out: list[JsonValue] = []
    room = MAX_METADATA_BYTES
    for name, value in metadata.items():
        size = len(canonical_json({name: value}))
        if size <= room:
            kept[name] = value
            room -= size
        elif len(left_out) < MAX_KEY_CHARACTERS:
            left_out.append(name[:MAX_KEY_CHARACTERS])
    return {**kept, "left_out": left_out} if left_out else kept


def cleaned(value: JsonValue) -> JsonValue:
    r"""The same value in characters that every database holds: NUL and halves of surrogate pairs are replaced.

    Raises InputError for a number beyond all floats (1e400), which JSON can write and nothing can hold.

    >>> cleaned(["a\x00b"])
    ['a�b']
    """
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_clean_text(key): cleaned(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("a number is too large to be held; write it as a text")
    return value


def _clean_text(text: str) -> str:
    if "\x00" in text:
        text = text.replace("\x00", REPLACEMENT)
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _names(trace: Trace) -> list[tuple[str, str | None]]:
    scores = [("score", name) for name in trace.recorded_scores]
    return [
        ("conversation", trace.conversation),
        ("model", trace.model),
        ("finish reason", trace.finish_reason),
        *scores,
    ]
