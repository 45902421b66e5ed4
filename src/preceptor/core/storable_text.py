"""Text that every database here can keep."""

from __future__ import annotations


def storable(text: str) -> str:
    r"""The text itself; what cannot be kept in it (NUL, half a surrogate pair) becomes U+FFFD.

    >>> storable("a\x00b\ud800"), storable("ok")
    ('a\ufffdb\ufffd', 'ok')
    """
    if "\x00" not in text:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            pass
        else:
            return text
    return "".join("\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text)
