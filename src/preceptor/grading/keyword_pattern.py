"""A word as a pattern that finds it in a text, whatever its case."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1_024)
def keyword_pattern(keyword: str, *, whole_words: bool) -> re.Pattern[str]:
    """The pattern; with `whole_words` no letter or digit may stand right before or after.

    >>> bool(keyword_pattern("art", whole_words=True).search("A start.")), bool(
    ...     keyword_pattern("art", whole_words=False).search("A START.")
    ... )
    (False, True)
    """
    escaped = re.escape(keyword)
    return re.compile(rf"(?<!\w){escaped}(?!\w)" if whole_words else escaped, re.IGNORECASE)
