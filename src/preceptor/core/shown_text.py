"""Foreign text made fit to be shown: what is invisible is made visible, what is long is clipped."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Zero-width joiners build emoji and the letters of several scripts; a reader of those needs them.
HARMLESS = frozenset("\n\t\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class ClippedText(NamedTuple):
    """The start of a text, the rest that is kept, and how many characters were left out for good."""

    start: str
    rest: str
    num_left_out: int


def visible(text: str) -> str:
    r"""The text with control, direction-changing and other hidden characters written out.

    A trace can hold characters that reorder or hide what the reader sees.

    >>> visible("pay \u202eevil")
    'pay \\u202eevil'
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    return "".join(map(_shown, text))


def clip(text: str, shown: int, kept: int) -> ClippedText:
    """The first `shown` characters, the rest up to `kept` in all, and the number beyond.

    >>> clip("abcdefgh", shown=3, kept=5)
    ClippedText(start='abc', rest='de', num_left_out=3)
    """
    return ClippedText(text[:shown], text[shown:kept], max(0, len(text) - kept))


def brief(text: str, shown: int) -> str:
    """The text, or its start with an ellipsis where it is longer than `shown` characters.

    >>> brief("abcdef", 3)
    'abc…'
    """
    return text if len(text) <= shown else f"{text[:shown]}…"


# A report shows millions of characters, of few kinds.
@lru_cache(maxsize=65_536)
def _shown(character: str) -> str:
    if character in HARMLESS or unicodedata.category(character) not in HIDDEN_CATEGORIES:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the end of the four-digit form
