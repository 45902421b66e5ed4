"""What a row says of where its record comes from."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.read_fields import read_moment, read_object, read_text, read_texts
from preceptor.datasets.types import SplitName

SPLITS: dict[str, SplitName] = {
    "train": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "test": "test",
}
PROVENANCE_FIELDS = {
    "group", "split", "source_ids", "source", "licence", "license", "consent", "language", "lang",
    "annotators", "created_at", "generator", "model", "generator_prompt", "rationale", "metadata",
}  # fmt: skip
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Provenance(NamedTuple):
    """The fields of a record that its id does not cover."""

    rationale: str
    group: str | None
    split: SplitName | None
    source_ids: tuple[str, ...]
    source: str
    licence: str
    consent: str
    language: str
    annotators: tuple[str, ...]
    created_at: str | None
    generator: str | None
    generator_prompt: str | None
    metadata: JsonObject


def read_provenance(row: JsonObject, content_fields: set[str]) -> Provenance:
    """The provenance of a row; fields that are neither content nor provenance go to `metadata`.

    `license` and `lang` are read as ours; `model` is the generator where none is named.
    Raises InputError, naming the field.
    """
    known = content_fields | PROVENANCE_FIELDS
    return Provenance(
        rationale=read_text(row, "rationale") or "",
        group=read_text(row, "group"),
        split=_split(row),
        source_ids=read_texts(row, "source_ids"),
        source=read_text(row, "source") or "",
        licence=read_text(row, "licence", "license") or "",
        consent=read_text(row, "consent") or "",
        language=read_text(row, "language", "lang") or "",
        annotators=read_texts(row, "annotators"),
        created_at=read_moment(row, "created_at"),
        generator=read_text(row, "generator", "model"),
        generator_prompt=_prompt_hash(row),
        metadata={**read_object(row, "metadata"), **{name: row[name] for name in row if name not in known}},
    )


def _split(row: JsonObject) -> SplitName | None:
    written = read_text(row, "split")
    if written is None:
        return None
    if written.lower() not in SPLITS:
        raise InputError(f"split {written!r:.60} is not one of {', '.join(sorted(SPLITS))}")
    return SPLITS[written.lower()]


def _prompt_hash(row: JsonObject) -> str | None:
    """The hash itself, or that of the prompt where the row holds the prompt."""
    written = read_text(row, "generator_prompt")
    if written is None or _SHA256.fullmatch(written):
        return written
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
