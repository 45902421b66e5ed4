"""Read other tools' JSON files within bounds; NaN, which some of them write, is read as null."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.json_values import JsonObject, JsonValue, as_object, parse_json

MAX_FILE_BYTES = 1_000_000_000
MAX_LINE_CHARACTERS = 64_000_000


def read_foreign_json(path: Path) -> JsonObject:
    """The object in a JSON file; InputError for one that is broken or larger than 1 GB."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    if len(content) > MAX_FILE_BYTES:
        raise InputError(f"{path}: larger than {MAX_FILE_BYTES:,} bytes; split it")
    return foreign_object(content, str(path))


def iter_foreign_lines(path: Path) -> Iterator[tuple[str, JsonObject]]:
    """The objects of a JSONL file in order, each with its place `file:line`; InputError at the first bad line."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            number = 0
            while line := stream.readline(MAX_LINE_CHARACTERS + 1):
                number += 1
                place = f"{path}:{number}"
                if len(line) > MAX_LINE_CHARACTERS:
                    raise InputError(f"{place}: longer than {MAX_LINE_CHARACTERS:,} characters")
                if line.strip():
                    yield place, foreign_object(line, place)
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{str(path)!r} is not UTF-8 text (byte {error.start}); convert or unpack it first") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def foreign_object(text: str | bytes, place: str) -> JsonObject:
    """The object that a text holds; InputError with its place."""
    try:
        return as_object(parse_json(text, nan_is_null=True), "a record")
    except InputError as error:
        raise InputError(f"{place}: {error}") from error


def object_at(value: JsonValue, key: str) -> JsonObject:
    """The object under a key, or an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
