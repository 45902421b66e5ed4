"""The normalised form of a text as bytes, for keys: one pass in C for the texts that are plain ASCII."""

from __future__ import annotations

from preceptor.datasets.normal_text import normalise

# Capitals to small letters, and every character that Python takes for white space to a space.
_PLAIN = bytes(32 if chr(code).isspace() else ord(chr(code).lower()) for code in range(128)) + bytes(range(128, 256))


def normal_bytes(text: str) -> bytes:
    r"""`normalise(text)` in UTF-8.

    >>> normal_bytes("  Refund\n\tMY order ")
    b'refund my order'
    """
    if not text.isascii():
        return normalise(text).encode("utf-8", errors="surrogatepass")
    plain = text.encode("ascii").translate(_PLAIN).strip()
    return b" ".join(plain.split()) if b"  " in plain else plain
