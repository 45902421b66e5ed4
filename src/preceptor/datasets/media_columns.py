"""Images that stand in a column of their own, put into the turns that point to them."""

from __future__ import annotations

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.media import PART_KINDS
from preceptor.datasets.read_fields import read_objects

MARKS = {"images": "<image>", "audios": "<audio>", "videos": "<video>"}


def with_media_columns(turns: JsonValue, row: JsonObject) -> JsonValue:
    """The turns, in which each mark `<image>` or empty part `{"type": "image"}` holds the next of `images`.

    The same goes for `audios` and `videos`. Raises InputError when there are more or fewer of them than marks.
    """
    for column, mark in MARKS.items():
        files = read_objects(row, column)
        if not files or not isinstance(turns, list):
            continue
        waiting = list(reversed(files))
        turns = [_placed(turn, mark, waiting) for turn in turns]
        if waiting:
            raise InputError(
                f"{column} has {len(files)} files, {len(files) - len(waiting)} turns or marks point to one"
            )
    return turns


def _placed(turn: JsonValue, mark: str, waiting: list[JsonValue]) -> JsonValue:
    if not isinstance(turn, dict):
        return turn
    name = "value" if "value" in turn and "content" not in turn else "content"
    content = turn.get(name)
    kind = mark.strip("<>")
    if isinstance(content, str) and mark in content:
        texts = content.split(mark)
        parts: list[JsonValue] = [texts[0]]
        for text in texts[1:]:
            parts += [_file(kind, waiting), text]
        return {**turn, name: parts}
    if isinstance(content, list):
        return {**turn, name: [_file(kind, waiting) if _is_empty(part, kind) else part for part in content]}
    return turn


def _is_empty(part: JsonValue, kind: str) -> bool:
    if not isinstance(part, dict) or PART_KINDS.get(str(part.get("type"))) != kind:
        return False
    return all(value is None for name, value in part.items() if name not in {"type", "text", "index"})


def _file(kind: str, waiting: list[JsonValue]) -> JsonValue:
    if not waiting:
        raise InputError(f"more turns or marks point to {kind} files than {kind}s holds")
    return {"type": kind, kind: waiting.pop()}
