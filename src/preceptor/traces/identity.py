"""The ids of traces: the source's own where it gave one, the hash of the content where not."""

from __future__ import annotations

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of

PREFIX = "trace"
MAX_ID_CHARACTERS = 90


def id_of(parts: list[JsonValue], where: str) -> str:
    """The trace's id from what the source calls it; several parts are joined by a slash.

    Raises InputError when a part is missing or no plain value, or the id is too long or not printable.

    >>> id_of([12, 0], "id")
    'trace_12/0'
    """
    for part in parts:
        if part is None or isinstance(part, (bool, dict, list)) or text_of(part) == "":
            raise InputError(f"{where} is {part!r:.60}; an id must be a text or a number")
    name = "/".join(text_of(part) for part in parts)
    if len(name) > MAX_ID_CHARACTERS or not name.isprintable():
        raise InputError(f"{where} is {name!r:.60}; an id has at most {MAX_ID_CHARACTERS} printable characters")
    return name if name.startswith(f"{PREFIX}_") else f"{PREFIX}_{name}"


def id_from_content(content: JsonValue) -> str:
    """The id that the same record always gets."""
    return content_id(PREFIX, content)
