"""A phrase to look for in a text: words as they stand, or a regular expression."""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from preceptor.core.errors import InputError
from preceptor.grading.bounded_regex import bounded_pattern

EXPRESSION = "re:"


@lru_cache(maxsize=1_024)
def phrase_pattern(phrase: str) -> regex.Pattern[str]:
    r"""The pattern of a phrase; case is ignored, any white space stands for any other, and words are whole.

    What follows `re:` is a regular expression as it stands. Raises InputError for an empty
    phrase, and for an expression that is broken or repeats a repeat without end.

    >>> phrase_pattern("money back").search("Your MONEY\nBACK!") is not None
    True
    >>> phrase_pattern("acme").search("acmeology") is None
    True
    """
    if phrase.startswith(EXPRESSION):
        return bounded_pattern(phrase.removeprefix(EXPRESSION), ignore_case=True)
    words = phrase.split()
    if not words:
        raise InputError("a phrase is empty; write the words to look for")
    start = r"\b" if words[0][0].isalnum() else ""
    end = r"\b" if words[-1][-1].isalnum() else ""
    return bounded_pattern(start + r"\s+".join(map(re.escape, words)) + end, ignore_case=True)
