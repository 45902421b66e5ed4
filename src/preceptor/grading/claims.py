r"""Split an answer into the sentences that state facts.

A sentence is a claim when it has at least three words or numbers and names a number, a name (a capital
within it) or says how things are or must be done (`is`, `takes`, `must`, `can`, ...). No claims:
questions, greetings, thanks, apologies, offers of help, and what the speaker says of itself
("I have checked it") unless a number stands in it. A heuristic for English; it reads no meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MIN_WORDS = 3

_MARK = r"(?:\[[^\[\]\n]{1,200}\]|\(sources?:[^()\n]{1,200}\))"
# A full stop ends a sentence before white space and what may begin one; marks right behind it still belong to it.
# Possessive and from the start of a run only: a run of dots or spaces must not be tried from each of its characters.
_END = re.compile(rf"(?<![.!?…])[.!?…]++[\"'’”)\]]*+(?:[ \t]*+{_MARK})*+(?=\s|\Z)")
_MARKS = re.compile(rf"(?<![ \t])[ \t]*+{_MARK}(?!\()")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|nr|mr|mrs|ms|dr|st|inc|ltd|u\.s)|\b[A-Z])\.\Z", re.IGNORECASE)
_LEAD = re.compile(r"\A\s*(?:[-*•+>#]+|\d{1,3}[.)])\s+")
_WORD = re.compile(r"[^\W_][\w'’.,-]*")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"\d")
_NAME = re.compile(r"(?<=[\w,;:] )(?!I\b)[A-Z][\w-]+")
_STATES = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|can|cannot|can['’]t|must|may|should|shall|will|won['’]t|takes?|costs?|needs?"
    r"|requires?|allows?|includes?|contains?|supports?|applies|apply|expires?|covers?|means|offers?|provides?|works?"
    r"|does|do|don['’]t|doesn['’]t|isn['’]t|aren['’]t|gets?|makes?|lets?|starts?|ends?|uses?|runs?|ships?|lasts?)\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|welcome|thanks?|thank you|sorry|apologies|cheers|sure"
    r"|of course|certainly|absolutely|great|happy to|glad to|feel free|let (?:me|us) know|please let|please feel"
    r"|is there anything|we hope|best regards|kind regards|have a (?:nice|great|good))\b",
    re.IGNORECASE,
)
_SELF = re.compile(r"(?:(?:and|but|so|then),? )?I(?:['’](?:m|ve|ll|d))?\b")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence as written, its marks included, and the paragraph (from 0) that it stands in."""

    text: str
    paragraph: int


def sentences(text: str) -> list[Sentence]:
    """The sentences in order; each line is a paragraph, and bullets and list numbers are cut.

    >>> [found.text for found in sentences("Refunds take 5.5 days. [1] See e.g. the form.")]
    ['Refunds take 5.5 days. [1]', 'See e.g. the form.']
    """
    return [
        Sentence(text=piece, paragraph=number)
        for number, line in enumerate(text.splitlines())
        for piece in _split(_LEAD.sub("", line, count=1))
    ]


def is_claim(sentence: str) -> bool:
    """True for a sentence that states a fact.

    >>> is_claim("Refunds take 5 days."), is_claim("Happy to help!"), is_claim("Which order is it?")
    (True, False, False)
    """
    bare = without_marks(sentence)
    if len(_WORD.findall(bare)) < MIN_WORDS or not _LETTER.search(bare):
        return False
    if bare.endswith("?") or _COURTESY.match(bare):
        return False
    if _NUMBER.search(bare):
        return True
    return not _SELF.match(bare) and bool(_NAME.search(bare) or _STATES.search(bare))


def without_marks(sentence: str) -> str:
    """The sentence without its citation marks.

    >>> without_marks("Refunds take 5 days [refunds] (source: terms).")
    'Refunds take 5 days.'
    """
    return _MARKS.sub("", sentence).strip()


def claims(text: str) -> list[str]:
    """The sentences that state facts, without their marks, in order."""
    return [without_marks(found.text) for found in sentences(text) if is_claim(found.text)]


def _split(line: str) -> list[str]:
    pieces, start = [], 0
    for end in _END.finditer(line):
        if _NO_END.search(line, max(start, end.start() - 10), end.start() + 1):
            continue
        pieces.append(line[start : end.end()].strip())
        start = end.end()
    return [piece for piece in [*pieces, line[start:].strip()] if piece]
