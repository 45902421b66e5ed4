"""Quote a short span of a text as evidence, with its offsets."""

from __future__ import annotations

from preceptor.core.json_values import JsonObject

MAX_QUOTE_CHARACTERS = 200


def quote(text: str, start: int = 0, end: int | None = None) -> JsonObject:
    """The text from `start` up to, not including, `end`, cut at 200 characters; the offsets are those of the quote.

    >>> quote("The answer is 42.", 14)
    {'text': '42.', 'start': 14, 'end': 17}
    """
    last = len(text) if end is None else min(end, len(text))
    last = min(last, start + MAX_QUOTE_CHARACTERS)
    return {"text": text[start:last], "start": start, "end": last}


def quote_end(text: str) -> JsonObject:
    """The last 200 characters.

    >>> quote_end("x" * 300)["start"]
    100
    """
    return quote(text, max(0, len(text) - MAX_QUOTE_CHARACTERS))
