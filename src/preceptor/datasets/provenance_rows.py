"""Where a record comes from, as columns of an exported row and as a line beside the export."""

from __future__ import annotations

from preceptor.core.ids import plain
from preceptor.core.json_values import JsonObject
from preceptor.datasets.types import Record

SIDECAR_FIELDS = (
    "id", "kind", "source", "licence", "consent", "language", "generator", "generator_prompt",
    "source_ids", "annotators", "created_at", "group", "split",
)  # fmt: skip


def provenance_columns(record: Record) -> JsonObject:
    """The columns that a trainer's file carries beside what is learnt; a text that is not there is empty.

    Empty and not null: a reader that works out the columns from the first rows would take a column
    of nulls for one that holds nothing. `generator` is the synthetic mark.

    >>> from preceptor.datasets.types import Record
    >>> provenance_columns(Record(id="r1", kind="sft", messages=(), licence="MIT", generator="m"))
    {'id': 'r1', 'source': '', 'licence': 'MIT', 'generator': 'm'}
    """
    return {
        "id": record.id,
        "source": record.source,
        "licence": record.licence,
        "generator": record.generator or "",
    }


def provenance_row(record: Record) -> JsonObject:
    """The whole provenance of a record, for the file beside an export; `synthetic` says it in one word."""
    return {
        **{name: plain(getattr(record, name)) for name in SIDECAR_FIELDS},
        "synthetic": record.generator is not None,
    }
