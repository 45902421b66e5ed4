"""How many sentences a text has."""

from __future__ import annotations

import re

# A mark, then white space or a sign that opens or closes something. Possessive: a long row of points is read once.
_END = re.compile(r"(?<![.!?])[.!?]++(?=[)\]}\"'*:;(\[{]|\s)")
_CJK_END = re.compile(r"[。\uff01\uff1f]")
_LAST_WORD_CHARACTERS = 24
_ABBREVIATIONS = frozenset(
    (
        *("mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "etc", "e.g", "i.e", "inc", "ltd", "co", "corp"),
        *("gen", "col", "lt", "sgt", "rev", "hon", "gov", "sen", "rep", "u.s", "u.k", "u.n", "d.c", "a.m", "p.m"),
        *("ph.d", "b.a", "m.a", "no", "vol", "fig", "approx", "dept", "est", "jan", "feb", "aug", "sept", "oct"),
        *("nov", "dec", "p.s", "p.p", "p.p.s"),
    )
)
_INITIAL = re.compile(r"[^\W\d_]", re.ASCII)


def num_sentences(text: str) -> int:
    """Sentences by their ends; text after the last end counts as one more.

    >>> num_sentences("Dr. J. Lee called. It went well!"), num_sentences("")
    (2, 0)
    """
    count, last = 0, 0
    for end in _END.finditer(text):
        if not _is_abbreviation(text, end):
            count, last = count + 1, end.end()
    cjk = [end.end() for end in _CJK_END.finditer(text)]
    last = max([last, *cjk[-1:]])
    rest = any(character.isalnum() for character in text[last:])
    return count + len(cjk) + rest


def _is_abbreviation(text: str, end: re.Match[str]) -> bool:
    if end.group() != ".":
        return False
    before = text[max(0, end.start() - _LAST_WORD_CHARACTERS) : end.start()].rsplit(None, 1)[-1:]
    word = "".join(before).lstrip("(\"'*[").lower()
    is_list_number = word.isdigit() and text[end.end() : end.end() + 2].strip().islower()
    return is_list_number or word in _ABBREVIATIONS or bool(_INITIAL.fullmatch(word))
