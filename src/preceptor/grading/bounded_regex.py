"""Regular expressions that people write, searched in texts that models write: never longer than a second."""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from preceptor.core.errors import InputError
from preceptor.grading.regex_safety import nested_repeat

SECONDS = 1.0
MAX_PATTERN_CHARACTERS = 10_000


@lru_cache(maxsize=1_024)
def bounded_pattern(text: str, *, ignore_case: bool = False) -> regex.Pattern[str]:
    r"""The pattern, compiled.

    Raises InputError for one that is empty, broken, longer than 10,000 characters, or repeats a
    repeat without end (`(a+)+`): that one is known to be hopeless before any text is seen.

    >>> bounded_search(bounded_pattern(r"\bINV-\d{6}\b"), "It is INV-204518.").group()
    'INV-204518'
    """
    if not text or len(text) > MAX_PATTERN_CHARACTERS:
        raise InputError(f"a pattern has {len(text):,} characters; write 1 to {MAX_PATTERN_CHARACTERS:,}")
    try:
        is_endless = nested_repeat(re.compile(text))
        compiled = regex.compile(text, regex.IGNORECASE if ignore_case else 0)
    except (re.error, regex.error, RecursionError, OverflowError) as error:
        raise InputError(f"pattern {text!r} is not a regular expression: {error}") from error
    if is_endless:
        raise InputError(
            f"pattern {text!r} repeats a repeat without end, which some texts make run for hours; "
            "make the inner one possessive (`(?:a++)+`) or bound it (`{1,20}`)"
        )
    return compiled


def bounded_search(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    """The first match anywhere, or None; InputError for a search that a second does not end."""
    try:
        return pattern.search(text, timeout=SECONDS)
    except TimeoutError as error:
        raise InputError(
            f"pattern {pattern.pattern!r} was still looking after {SECONDS:g} s in {len(text):,} characters; "
            "write one that cannot match the same text in many ways"
        ) from error
