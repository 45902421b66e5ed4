"""Whether a text supports a claim, by their words and numbers: a proxy that reads no meaning.

A claim counts as supported when every number in it stands in the text, enough of its content
words do, and it is not negated where the text's nearest sentence is not (or the other way
round). Paraphrases in other words are missed, and a false statement in the same words passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from preceptor.grading.claims import sentences, without_marks

MIN_STEM = 4
DEFAULT_MIN_OVERLAP = 0.6

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_STOP = (
    "a about after all also am an and any are as at be been before being both but by can could did do does doing each"
    " for from further get gets had has have having he her here him his how i if in into is it its itself just may me"
    " more most must my need needs of off on once only or other our out over own per please same shall she should so"
    " some such than that the their them then there these they this those through to too under until up us very was"
    " we were what when where which while who whom why will with within would you your yours"
)
_STOP_WORDS = frozenset(_STOP.split())
_NEGATIONS = frozenset({"not", "no", "never", "none", "nor", "neither", "without", "cannot", "nothing"})
_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_TENS = {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100"}
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_COUNTED.split())} | _TENS
_SIGNS = str.maketrans({"’": "'", "$": " dollars ", "€": " euros ", "£": " pounds ", "%": " percent "})
# Such as "one of our agents": an article more often than a figure, so nobody must prove it.
_WEAK_NUMBERS = frozenset({"one"})


@dataclass(frozen=True, kw_only=True)
class _Content:
    words: frozenset[str]
    numbers: frozenset[str]
    is_negated: bool


@dataclass(frozen=True, kw_only=True)
class _Source:
    sentences: tuple[_Content, ...]
    words: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Support:
    """What of a claim stands in the texts: the share of its content words, and what is missing."""

    overlap: float
    missing_numbers: tuple[str, ...]
    is_negated_otherwise: bool

    def holds(self, min_overlap: float) -> bool:
        """True when the claim counts as supported."""
        return not self.missing_numbers and not self.is_negated_otherwise and self.overlap >= min_overlap

    def why_not(self) -> str:
        """What speaks against it, in words."""
        if self.missing_numbers:
            return f"no source has {', '.join(self.missing_numbers)}"
        if self.is_negated_otherwise:
            return "the source says the opposite, or does not deny it"
        return f"{self.overlap:.0%} of its words stand in the sources"


def support(claim: str, texts: Sequence[str]) -> Support:
    """How well the texts together support the claim.

    >>> support("Refunds take five days.", ["A refund takes 5 days."]).holds(0.6)
    True
    >>> support("Refunds take 3 days.", ["A refund takes 5 days."]).why_not()
    'no source has 3'
    """
    wanted, source = _content(claim), _source(tuple(texts))
    nearest = max(source.sentences, key=lambda sentence: len(wanted.words & sentence.words), default=None)
    return Support(
        overlap=_share(wanted.words, source.words),
        missing_numbers=tuple(sorted(wanted.numbers - source.numbers)),
        is_negated_otherwise=nearest is not None and nearest.is_negated != wanted.is_negated,
    )


def _share(wanted: frozenset[str], found: frozenset[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


# Kept, because the same passages are read for every claim of every answer.
@lru_cache(maxsize=256)
def _source(texts: tuple[str, ...]) -> _Source:
    found = tuple(_content(sentence.text) for text in texts for sentence in sentences(text))
    return _Source(
        sentences=found,
        words=frozenset(word for one in found for word in one.words),
        numbers=frozenset(number for one in found for number in one.numbers),
    )


def _content(text: str) -> _Content:
    words: set[str] = set()
    numbers: set[str] = set()
    is_negated = False
    for token in _TOKEN.findall(without_marks(text).translate(_SIGNS).casefold()):
        if token[0].isdigit():
            numbers.add(_plain_number(token))
        elif token in _NEGATIONS or token.endswith("n't"):
            is_negated = True
        elif token in _NUMBER_WORDS:
            numbers.update({_NUMBER_WORDS[token]} - ({"1"} if token in _WEAK_NUMBERS else set()))
        elif token not in _STOP_WORDS:
            words.add(_stem(token.removesuffix("'s")))
    return _Content(words=frozenset(words), numbers=frozenset(numbers), is_negated=is_negated)


def _plain_number(token: str) -> str:
    """One writing for each number: thousands without commas, no zeros at the end of a decimal."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", token):
        token = token.replace(",", "")
    if re.fullmatch(r"\d+\.\d+", token):
        token = token.rstrip("0").rstrip(".")
    return token.lstrip("0") or "0"


def _stem(word: str) -> str:
    """The word without the commonest English endings: refunds, refunded and refunding are one."""
    for ending in ("ings", "ing", "ies", "ied", "ed", "es", "s", "ly", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM - 1:
            return word[: -len(ending)]
    return word
