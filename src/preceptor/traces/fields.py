"""Read the small fields of a trace out of a record, refusing what is of the wrong type."""

from __future__ import annotations

import math

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.models.types import Usage
from preceptor.traces.messages import json_text

INPUT_TOKEN_KEYS = ("input_tokens", "prompt_tokens")
OUTPUT_TOKEN_KEYS = ("output_tokens", "completion_tokens")


def read_usage(value: JsonValue) -> Usage:
    """What the answer took; what is not said, or is no count, stays None."""
    if not isinstance(value, dict):
        return Usage()
    cost = value.get("cost")
    return Usage(
        input_tokens=_first_count(value, INPUT_TOKEN_KEYS),
        output_tokens=_first_count(value, OUTPUT_TOKEN_KEYS),
        cost=float(cost) if isinstance(cost, (int, float)) and not isinstance(cost, bool) else None,
    )


def read_count(value: JsonValue) -> int | None:
    """A count of tokens, also where JSON wrote it as a text; None for what is no count.

    >>> read_count("97"), read_count(-1), read_count(True)
    (97, None, None)
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:  # noqa: PLR2004 - 64 bits
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def read_score(value: JsonValue, where: str) -> float | None:
    """A score as a number, True as 1; None where it is missing.

    Raises InputError for what is no finite number.
    """
    if value is None or value == "":
        return None
    try:
        score = float(value) if isinstance(value, (int, float, str)) else math.nan
    except (ValueError, OverflowError):
        score = math.nan
    if not math.isfinite(score):
        raise InputError(f"{where} is {value!r:.60}; a score is a finite number, or null where it is missing")
    return score


def read_scores(value: JsonValue, where: str) -> dict[str, float]:
    """The scores in a mapping; those that are missing are left out."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{where} must be a mapping of scores, not {kind_of(value)}")
    found = {name: read_score(score, f"{where}.{name}") for name, score in value.items()}
    return {name: score for name, score in found.items() if score is not None}


def read_error(value: JsonValue) -> str | None:
    """What went wrong as one text: a provider's `message`, or all that it said; None where nothing did."""
    if value is None or value in ("", {}, []):
        return None
    if isinstance(value, dict) and isinstance(value.get("message"), str):
        return str(value["message"]) or json_text(value)
    return json_text(value)


def _first_count(value: JsonObject, keys: tuple[str, ...]) -> int | None:
    return next((count for key in keys if (count := read_count(value.get(key))) is not None), None)
