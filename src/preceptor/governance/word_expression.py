"""Words as an expression: for Python over characters, and for Hyperscan over UTF-8 bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable


def words_in_text(words: Iterable[str]) -> str:
    """An expression for Python that matches each of the words, whole; a blank matches any white space.

    >>> bool(re.search(words_in_text(["date of birth"]), "date  of birth:"))
    True
    """
    return rf"(?<!\w)(?:{'|'.join(map(_in_text, words))})(?!\w)"


def words_in_bytes(words: Iterable[str]) -> str:
    r"""An expression for Hyperscan that matches each of the words, whole.

    >>> print(words_in_bytes(["dni", "fijo"]))
    (?:\bdni\b|\bfijo\b)
    """
    return f"(?:{'|'.join(map(_whole, words))})"


def letters_in_bytes(word: str) -> str:
    r"""The word for Hyperscan, also inside another; a letter outside ASCII is any such bytes, so case is no question.

    >>> letters_in_bytes("móvil")
    'm[\\x80-\\xff]+vil'
    """
    return r"\s+".join("".join(map(_character, part)) for part in word.split())


def _in_text(word: str) -> str:
    return r"\s{1,3}".join(map(re.escape, word.split()))


def _whole(word: str) -> str:
    before, after = (r"\b" if edge.isascii() and edge.isalnum() else "" for edge in (word[0], word[-1]))
    return before + letters_in_bytes(word) + after


def _character(character: str) -> str:
    return re.escape(character) if character.isascii() else r"[\x80-\xff]+"
