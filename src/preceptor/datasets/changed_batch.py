"""A batch with some of its records changed; what did not change is not written again."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.datasets.batch import Batch, BatchRow, batch_row, record_bytes
from preceptor.datasets.types import Record


def with_changed(batch: Batch, changed: Mapping[int, Record], *, same_texts: bool = False) -> Batch:
    """The batch with other records in the rows named.

    With `same_texts` only what no column but `record` holds has changed, such as the split.
    """
    if not changed:
        return batch
    if same_texts:
        columns = {"record": _replaced(batch, "record", {row: record_bytes(record) for row, record in changed.items()})}
    else:
        written = {row: batch_row(record) for row, record in changed.items()}
        columns = {
            name: _replaced(batch, name, {row: getattr(one, name) for row, one in written.items()})
            for name in BatchRow._fields
        }
    table = batch.table
    for name, column in columns.items():
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
    made = Batch(table)
    made.__dict__["records"] = tuple(changed.get(row, record) for row, record in enumerate(batch.records))
    return made


def filtered(batch: Batch, is_kept: list[bool]) -> Batch:
    """The batch with only some of its rows."""
    made = Batch(batch.table.filter(pa.array(is_kept, pa.bool_())))
    if "records" in batch.__dict__:
        kept = tuple(record for record, stays in zip(batch.records, is_kept, strict=True) if stays)
        made.__dict__["records"] = kept
    return made


def _replaced(batch: Batch, name: str, values: Mapping[int, object]) -> pa.Array:
    column = batch.table.column(name)
    rows = sorted(values)
    written = pa.array([values[row] for row in rows], column.type)
    if len(rows) == len(column):
        return written
    is_changed = [False] * len(column)
    for row in rows:
        is_changed[row] = True
    return pc.replace_with_mask(column, pa.array(is_changed), written)
