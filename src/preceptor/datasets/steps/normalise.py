"""Texts in one form: composed Unicode, plain white space, no control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import pyarrow.compute as pc

from preceptor.datasets.batch import TEXT_SEPARATOR, Batch
from preceptor.datasets.changed_batch import with_changed
from preceptor.datasets.record import with_own_id
from preceptor.datasets.types import Record

# What a careful writer never means: control characters but tab and line feed, white space that is no plain
# space, line ends that are not a line feed. Zero-width joiners stay: they join letters and emoji.
_ODD = (
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\xa0\\x{1680}\\x{2000}-\\x{200b}"
    "\\x{2028}-\\x{2029}\\x{202f}\\x{205f}\\x{2060}\\x{3000}\\x{feff}"
)
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff]")
# A mark that composes with the letter before, or a letter with another composed form: Latin-1 has none.
_SUSPICIOUS = f"[{_ODD}]|[^\\x00-\\x{{ff}}]"
_EDGES = "^[ \\t\\n]|[ \\t\\n]$|[ \\t\\n]\\n\\x00\\n|\\n\\x00\\n[ \\t\\n]"


@dataclass(frozen=True, kw_only=True)
class Normalise:
    r"""Brings every text into Unicode's composed form (NFC), with plain spaces and line feeds, trimmed.

    Control characters but tab and line feed go, as do invisible characters without a meaning of their
    own (zero-width space, word joiner, byte-order mark). With `trim` (the usual case) the white space around
    each text goes too. Arguments of tool calls stay as they are: they are JSON. So do records with media or
    labelled spans, whose places would no longer be right.

    >>> from preceptor.datasets.batch import make_batch
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content=" Cafe\u0301\u00a0au\r\nlait\x00 "),))
    >>> Normalise().apply(make_batch([record], [0])).records[0].messages[0].content
    'Café au\nlait'
    """

    version: ClassVar[int] = 1
    trim: bool = True

    def apply(self, batch: Batch) -> Batch:
        """The batch in normal form; records that are so already are not touched."""
        return with_changed(batch, dict(self._changed(batch)))

    def _changed(self, batch: Batch) -> Iterator[tuple[int, Record]]:
        # A scan in Arrow finds the few records that need a closer look.
        separators = pc.count_substring(batch.texts, TEXT_SEPARATOR)
        is_odd = pc.not_equal(pc.count_substring_regex(batch.texts, _SUSPICIOUS), separators)
        if self.trim:
            is_odd = pc.or_(is_odd, pc.match_substring_regex(batch.texts, _EDGES))
        for row in pc.indices_nonzero(is_odd).to_pylist():
            before = batch.records[row]
            after = self.normal(before)
            if after is not before:
                yield row, after

    def normal(self, record: Record) -> Record:
        """The record in normal form; the very same one where nothing changes."""
        if record.media or record.spans:
            return record
        messages = tuple(replace(turn, content=self._text(turn.content)) for turn in record.messages)
        changed = replace(
            record,
            messages=messages,
            chosen=None if record.chosen is None else self._text(record.chosen),
            rejected=None if record.rejected is None else self._text(record.rejected),
            completion=None if record.completion is None else self._text(record.completion),
            ranked=tuple(replace(one, text=self._text(one.text)) for one in record.ranked),
            steps=tuple(replace(one, text=self._text(one.text)) for one in record.steps),
        )
        return record if changed == record else with_own_id(changed)

    def _text(self, text: str) -> str:
        plain = text
        if not text.isascii():
            plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
        plain = _CONTROLS.sub("", _LINE_ENDS.sub("\n", plain))
        return plain.strip(" \t\n") if self.trim else plain
