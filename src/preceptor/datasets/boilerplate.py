"""Phrases that give away that a model wrote a text without anybody reading it."""

from __future__ import annotations

import re
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

# In the language that RE2 and Python's `re` share.
_PHRASES = (
    r"\bas an? (?:advanced |large |helpful )?(?:ai|artificial intelligence)(?: language model| assistant| model|,)",
    r"\bas a (?:large )?language model\b",
    r"\bi(?:['’]m| am) (?:just |only )?an? (?:ai|artificial intelligence)(?: language model| assistant| model)?[,. ]",
    r"(?:my|last) knowledge (?:cut-?off|update)",
    r"knowledge cut-?off (?:date|is|of|in)",
    r"openai(?:['’]s)? (?:content |use case )?polic(?:y|ies)",
    r"\bregenerate response\b",
    r"here(?:['’]s| is) (?:a|an|the|your) (?:rewritten|revised|paraphrased|rephrased) (?:version|text|response|answer)",
    r"i hope this (?:email|message) finds you well",
    r"\[(?:insert|your|name of|company|recipient)[ a-z']{0,40}\]",
)
_PATTERN = "|".join(_PHRASES)
_COMPILED = re.compile(_PATTERN, re.IGNORECASE)


def find_boilerplate(answers: pa.LargeStringArray) -> dict[int, str]:
    """The first such phrase of each answer that has one, by its place among the answers.

    >>> find_boilerplate(pa.array(["It is 4.", "As an AI language model, I have no cat."], pa.large_string()))
    {1: 'As an AI language model'}
    """
    rows = pc.indices_nonzero(pc.match_substring_regex(answers, f"(?i){_PATTERN}"))
    texts = cast("list[str]", answers.take(rows).to_pylist())
    found = {row: _COMPILED.search(text) for row, text in zip(cast("list[int]", rows.to_pylist()), texts, strict=True)}
    return {row: match.group().strip(" ,.") for row, match in found.items() if match is not None}
