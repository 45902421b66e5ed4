"""One form for texts that say the same: by characters for copies, by words for overlaps."""

from __future__ import annotations

import re
import unicodedata

# Chinese and Japanese put no spaces between words, so each of their characters counts as one.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")


def normalise(text: str) -> str:
    r"""The text in compatible Unicode (NFKC), without capitals, with one space where any white space stood.

    >>> normalise("  \uff32efund\n\tMY order ")
    'refund my order'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words(text: str) -> list[str]:
    """The words of the normalised text, without punctuation; a Chinese or Japanese character is a word.

    >>> words("Where's my order #12?"), words("退款 ok")
    (['where', 's', 'my', 'order', '12'], ['退', '款', 'ok'])
    """
    return _WORD.findall(normalise(text))
