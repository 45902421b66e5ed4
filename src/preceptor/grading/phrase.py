"""A phrase to look for in a text: words as they stand, or a regular expression."""

from __future__ import annotations

import re
from functools import lru_cache

from preceptor.core.errors import InputError
from preceptor.grading.regex_safety import nested_repeat

EXPRESSION = "re:"


@lru_cache(maxsize=1_024)
def phrase_pattern(phrase: str) -> re.Pattern[str]:
    r"""The pattern of a phrase; case is ignored, any white space stands for any other, and words are whole.

    What follows `re:` is a regular expression as it stands. Raises InputError for an empty
    phrase, and for an expression that is broken or repeats a repeat without end.

    >>> phrase_pattern("money back").search("Your MONEY\nBACK!") is not None
    True
    >>> phrase_pattern("acme").search("acmeology") is None
    True
    """
    if phrase.startswith(EXPRESSION):
        return _expression(phrase.removeprefix(EXPRESSION))
    words = phrase.split()
    if not words:
        raise InputError("a phrase is empty; write the words to look for")
    start = r"\b" if words[0][0].isalnum() else ""
    end = r"\b" if words[-1][-1].isalnum() else ""
    return re.compile(start + r"\s+".join(map(re.escape, words)) + end, re.IGNORECASE)


def _expression(pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
        is_endless = nested_repeat(compiled)
    except (re.error, RecursionError, OverflowError) as error:
        raise InputError(f"{pattern!r} is not a regular expression: {error}") from error
    if is_endless or not pattern:
        raise InputError(f"{pattern!r} is empty, or repeats a repeat without end; write another expression")
    return compiled
