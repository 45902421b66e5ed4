"""Values of other tools' files in our terms: scores, names of metrics, messages, moments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf, isfinite
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.core.storable_text import storable
from preceptor.evals.run_format import ForeignScore
from preceptor.models.chat_body import read_tool_calls
from preceptor.models.types import Message, Role

LETTER_SCORES = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""Inspect's words: correct, incorrect, partially correct, no answer."""

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "tool": "tool",
    "function": "tool",
}
MAX_METRIC_CHARACTERS = 100
MAX_ID_CHARACTERS = 200
MAX_EPOCH = 10_000
_NOT_IN_METRIC = re.compile(r"[^\w.-]+")


def score_of(value: JsonValue, reason: JsonValue = None) -> ForeignScore:
    """A number from what stands there: true and false, C I P N, and texts that are numbers count as such.

    >>> score_of("C").value, score_of(True).value, score_of("0.5").value
    (1.0, 1.0, 0.5)
    >>> score_of("blue")
    ForeignScore(value=None, reason="the score 'blue' is no number")
    """
    said = storable(text_of(reason))[:2000]
    if value is None:
        return ForeignScore(value=None, reason=said or "no score was recorded")
    if isinstance(value, str):
        number = LETTER_SCORES.get(value)
        try:
            number = float(value) if number is None else number
        except ValueError:
            return ForeignScore(value=None, reason=said or f"the score {value[:80]!r} is no number")
    elif isinstance(value, (bool, int, float)):
        number = as_float(value)
    else:
        return ForeignScore(value=None, reason=said or "the score is no single number")
    if not isfinite(number):
        return ForeignScore(value=None, reason="the score is not finite")
    return ForeignScore(value=number, reason=said)


def as_float(value: float) -> float:
    """The number; infinity for a whole number that is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return inf


def epoch_of(value: JsonValue, place: str) -> int:
    """The number of a repeat, from 1; 1 where none stands. InputError for what is none, or above 10,000.

    >>> epoch_of(None, "x.jsonl:1"), epoch_of("2", "x.jsonl:1")
    (1, 2)
    """
    if value in (None, ""):
        return 1
    text = text_of(value)[:20]
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_EPOCH:
        raise InputError(f"{place}: epoch is {text!r}; write a whole number from 1 to {MAX_EPOCH:,}")
    return int(text)


def scores_of(name: str, value: JsonValue, reason: JsonValue = None) -> Iterator[tuple[str, ForeignScore]]:
    """One score under the metric's name; a mapping of scores gives one each, `<name>.<key>`."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield metric_name(f"{name}.{key}"), score_of(part, reason)
    else:
        yield metric_name(name), score_of(value, reason)


def metric_name(text: str) -> str:
    """A name that metrics can have: letters, digits and `_ . -`, a letter first.

    >>> metric_name("exact_match,strict-match"), metric_name("95%")
    ('exact_match.strict-match', 'metric_95')
    """
    name = _NOT_IN_METRIC.sub(".", text.replace(" ", "_")).strip(".")[:MAX_METRIC_CHARACTERS]
    return name if name[:1].isalpha() else f"metric_{name}"[:MAX_METRIC_CHARACTERS]


def case_id(value: JsonValue, place: str) -> str:
    """An id that cases can have; InputError where none stands there."""
    text = storable(text_of(value)).strip()[:MAX_ID_CHARACTERS]
    if not text or not text.isprintable():
        raise InputError(f"{place}: the id is {value!r}; a case needs one of printable characters")
    return text


def content_text(content: JsonValue) -> str:
    """What a message says: its text, or the text parts of its content joined; other parts as `[image]`."""
    if isinstance(content, list):
        return "\n".join(
            text_of(part.get("text", part.get("reasoning", f"[{part.get('type', 'part')}]")))
            if isinstance(part, dict)
            else text_of(part)
            for part in content
        )
    return text_of(content)


def message_of(value: JsonValue) -> Message | None:
    """A message of any of the usual shapes; None for what is none."""
    if not isinstance(value, dict) or str(value.get("role", "")).lower() not in ROLES:
        return None
    call_id = value.get("tool_call_id")
    return Message(
        role=ROLES[str(value["role"]).lower()],
        content=storable(content_text(value.get("content"))),
        tool_calls=read_tool_calls(value),
        tool_call_id=storable(call_id) if isinstance(call_id, str) else None,
    )


def messages_of(value: JsonValue) -> tuple[Message, ...]:
    """The turns of a conversation; a text is what the user says."""
    if isinstance(value, list) and any(isinstance(item, dict) and "role" in item for item in value):
        found = [message_of(item) for item in value]
        return tuple(message for message in found if message is not None)
    return (Message(role="user", content=storable(text_of(value))),)


def count_at(value: JsonValue, path: str) -> int | None:
    """The whole number at a dotted path, or None."""
    found = at_path(value, path)
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None


def number_at(value: JsonValue, path: str) -> float | None:
    """The finite number at a dotted path, or None."""
    found = at_path(value, path)
    if not isinstance(found, (int, float)) or isinstance(found, bool):
        return None
    number = as_float(found)
    return number if isfinite(number) else None


def moment_of(value: JsonValue) -> datetime | None:
    """A moment as tools write it (ISO 8601 text, or seconds since 1970), or None."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, tz=UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def plain_settings(value: JsonValue, names: tuple[str, ...]) -> JsonObject:
    """Those of the named entries that are there."""
    return {name: value[name] for name in names if value.get(name) is not None} if isinstance(value, dict) else {}


def first_bytes(path: Path, count: int = 4096) -> bytes:
    """The file's first bytes; none for what is no readable file."""
    try:
        with path.open("rb") as stream:
            return stream.read(count)
    except OSError:
        return b""
