"""What there is to see in a pair of answers: who is longer, who agrees first, whether they differ at all."""

from __future__ import annotations

import re
from math import log
from typing import NamedTuple

from preceptor.datasets.normal_bytes import normal_bytes

LOOKED_AT_CHARACTERS = 120
# Openings that praise the question or give in to the user; "sure" and "of course" only take the task on.
_AGREES = re.compile(
    r"\W*(?:(?:wow|oh|ah|yes|well|thanks?|thank you)\W+)?(?:"
    r"you(?:['’]re| are) (?:so |absolutely |completely |totally |quite |very )?(?:right|correct|smart|wise)"
    r"|(?:that['’]s|that is|what) an? (?:\w+ )?"
    r"(?:great|good|excellent|wonderful|fantastic|brilliant|insightful|amazing)"
    r"|(?:great|good|excellent|wonderful|fantastic|brilliant|insightful|interesting|amazing) "
    r"(?:question|point|idea|thinking|choice|observation|insight|catch)"
    r"|i (?:completely |totally |fully |absolutely |wholeheartedly |couldn['’]t )?agree"
    r"|(?:absolutely|exactly|totally|definitely|spot on|well said)\b[!.,]"
    r"|my apologies, you|i apologi[sz]e(?: for [^.!?]{1,60})?[,.] you(?:['’]re| are) right"
    r")",
    re.IGNORECASE,
)


class PairFeatures(NamedTuple):
    """Of one pair. `longer` is 1 where the chosen answer has more characters, -1 where the rejected has, else 0.

    `log_ratio` is the natural logarithm of the lengths' ratio, each plus one. `likeness` is the
    share of the different words that both have.
    """

    longer: int
    log_ratio: float
    likeness: float
    is_equal: bool
    chosen_agrees: bool
    rejected_agrees: bool


def pair_features(chosen: str, rejected: str) -> PairFeatures:
    """The features, capitals and white space aside.

    >>> pair_features("Great question! It is 4.", "It is 4.").chosen_agrees
    True
    """
    one, other = normal_bytes(chosen), normal_bytes(rejected)
    words, other_words = set(one.split()), set(other.split())
    union = len(words | other_words)
    return PairFeatures(
        longer=(len(chosen) > len(rejected)) - (len(chosen) < len(rejected)),
        log_ratio=log((1 + len(chosen)) / (1 + len(rejected))),
        likeness=len(words & other_words) / union if union else 1.0,
        is_equal=one == other,
        chosen_agrees=opens_with_agreement(chosen),
        rejected_agrees=opens_with_agreement(rejected),
    )


def opens_with_agreement(answer: str) -> bool:
    """True when an answer begins by praising or agreeing, in English.

    >>> opens_with_agreement("You're absolutely right, I was wrong."), opens_with_agreement("Sure, here it is.")
    (True, False)
    """
    return _AGREES.match(answer, 0, LOOKED_AT_CHARACTERS) is not None
