"""The record that one row of a file holds."""

from __future__ import annotations

from dataclasses import replace

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.media import MediaReader
from preceptor.datasets.read_content import in_one_shape, read_content
from preceptor.datasets.read_provenance import read_provenance
from preceptor.datasets.record import with_own_id
from preceptor.datasets.record_texts import texts_of
from preceptor.datasets.types import Record, RecordKind

NO_MEDIA = MediaReader()


def parse_record(row: JsonObject, reader: MediaReader = NO_MEDIA, kind: RecordKind | None = None) -> Record:
    """The record that a row holds.

    Shapes: `messages` (OpenAI, with tool calls and parts), `conversations` (ShareGPT), `prompt` and
    `completion`, `instruction`, `input` and `output` (Alpaca), `text` (one answer without a prompt); `prompt`,
    `chosen` and `rejected`, each a text or a list of messages (without `prompt`, the turns that both share
    are the prompt; hh-rlhf's whole texts are parted), OpenAI's `preferred_output`; `prompt`, `responses` and `ranks`
    or `scores`; `prompt`, `completion` and a true or false `label`; `prompt`, `completion` and `score` or `reward`;
    `prompt`, `completions` and `labels` (steps); `text` and `spans` or `entities`. `kind` says which where the
    fields allow several. Fields that are not ours go to `metadata`. The record's id is the hash of its
    content; a row's own `id` that is another is kept in `metadata`. Raises InputError, naming the field.

    >>> parse_record({"prompt": "2 + 2?", "completion": "4", "topic": "sums"}).metadata
    {'topic': 'sums'}
    """
    row = in_one_shape(row)
    content = read_content(row, reader, kind)
    said = read_provenance(row, content.fields)
    record = replace(
        content.record,
        rationale=said.rationale,
        group=said.group,
        split=said.split,
        source_ids=said.source_ids,
        source=said.source,
        licence=said.licence,
        consent=said.consent,
        language=said.language,
        annotators=said.annotators,
        created_at=said.created_at,
        generator=said.generator,
        generator_prompt=said.generator_prompt,
        metadata=said.metadata,
    )
    if any("\x00" in text for text in texts_of(record)):
        raise InputError("a text holds a NUL character, which no text of a record may; remove it")
    record = with_own_id(record)
    if record.metadata.get("id") == record.id:
        # A record that we wrote once: its id says nothing that its content does not.
        del record.metadata["id"]
    return record
