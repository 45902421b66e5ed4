"""What the shape of an output that should be JSON says about why it is not as asked."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import parse_json

LENGTH_REASONS = ("length", "max_tokens", "MAX_TOKENS", "max_output_tokens")
FENCE = re.compile(r"```[A-Za-z]{0,20}\s")
MAX_CHARACTERS = 200_000


class JsonShape(NamedTuple):
    """A root cause, and where in the output it shows."""

    root_cause: str
    start: int
    end: int


def look_at_json(output: str, finish_reason: str | None) -> JsonShape:
    """Why an output is not the JSON that was asked for, as far as its shape shows.

    `token_limit`: the answer was ended by the limit and its JSON is not closed.
    `format_not_followed`: whole JSON stands inside prose or a code fence, or there is no JSON at all.
    `schema_not_followed`: it is JSON and nothing else, so its content is what was wrong.
    `unknown`: it starts as JSON and is broken for a reason that does not show.

    >>> look_at_json('Sure! {"answer": "yes"}', "stop").root_cause
    'format_not_followed'
    >>> look_at_json('{"answer": "yes, you ca', "length").root_cause
    'token_limit'
    """
    text = output[:MAX_CHARACTERS]
    if _is_json(text.strip()):
        return JsonShape("schema_not_followed", 0, len(text))
    start = _first_bracket(text)
    if start is None:
        cause = "token_limit" if finish_reason in LENGTH_REASONS and not text.strip() else "format_not_followed"
        return JsonShape(cause, 0, len(text))
    end = _end_of_json(text, start)
    if end is not None:
        return JsonShape("format_not_followed", 0 if start else end, start or len(text))
    if finish_reason in LENGTH_REASONS:
        return JsonShape("token_limit", start, len(text))
    return JsonShape("unknown", start, len(text))


def _is_json(text: str) -> bool:
    try:
        return isinstance(parse_json(text), (dict, list))
    except InputError:
        return False


def _first_bracket(text: str) -> int | None:
    """Where JSON may start: at the first brace, or at a bracket that opens the text or a code fence."""
    places = [text.find("{")] if "{" in text else []
    stripped = len(text) - len(text.lstrip())
    if text[stripped : stripped + 1] == "[":
        places.append(stripped)
    fence = FENCE.search(text)
    if fence and text[fence.end() :].lstrip()[:1] == "[":
        places.append(text.index("[", fence.end()))
    return min(places, default=None)


def _end_of_json(text: str, start: int) -> int | None:
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return end
