"""The chat template inside a GGUF file: what it has no place for, the model is never shown."""

from __future__ import annotations

import struct
from pathlib import Path

KEY = b"tokenizer.chat_template"
TEXT_TYPE = 8
SEARCHED_BYTES = 64_000_000
MAX_TEMPLATE_BYTES = 1_000_000


def chat_template(path: Path) -> str | None:
    """The template's text, or None where the file has none. Only the file's beginning is read, where it stands.

    After the key come the type (8 is text) in 4 bytes and the length in 8, little-endian, as the
    GGUF specification has it.
    """
    with path.open("rb") as stream:
        beginning = stream.read(SEARCHED_BYTES)
    start = beginning.find(KEY)
    header = beginning[start + len(KEY) : start + len(KEY) + 12] if start >= 0 else b""
    if len(header) < 12:  # noqa: PLR2004 - the type and the length
        return None
    kind, length = struct.unpack("<IQ", header)
    if kind != TEXT_TYPE or length > MAX_TEMPLATE_BYTES:
        return None
    text = start + len(KEY) + len(header)
    return beginning[text : text + length].decode("utf-8", errors="replace")


def shows_tools(template: str | None) -> bool:
    """True when the template has a place for tools.

    >>> shows_tools("{% for tool in tools %}…"), shows_tools("{% for message in messages %}…")
    (True, False)
    """
    return template is not None and "tools" in template
