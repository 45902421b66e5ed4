"""What must be known of the records that meet, to compare them and to say which is the best."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from preceptor.datasets.batch import Batch
from preceptor.datasets.near_keys import Keep, NearSettings, batch_shingles
from preceptor.datasets.spilled_rows import SpilledRows
from preceptor.datasets.stated_provenance import num_stated
from preceptor.kernels.shingles import Shingles, shingle_sets

ORDERS: dict[Keep, list[tuple[str, str]]] = {
    "best": [("provenance", "descending"), ("length", "descending"), ("id", "ascending"), ("ordinal", "ascending")],
    "longest": [("length", "descending"), ("ordinal", "ascending")],
    "first": [("ordinal", "ascending")],
}


class Candidates(NamedTuple):
    """Records that meet, in order of ordinal.

    `sets` are their shingles, `order` their rows from the one that is kept first, `leaders` for each the row
    of the first in that order with the very same set. `ids` is None unless asked for.
    """

    ordinals: NDArray[np.int64]
    ids: pa.ChunkedArray
    sets: Shingles
    order: NDArray[np.int64]
    leaders: NDArray[np.int64]


def read_candidates(batches: Iterable[Batch], settings: NearSettings, spilled: SpilledRows) -> Candidates:
    """The records of these batches; their sets go to `spilled`."""
    tables, marks = [], [np.empty(0, np.uint64)]
    for batch in batches:
        sets = shingle_sets(batch_shingles(batch, settings))
        spilled.add(sets.offsets, sets.hashes)
        marks.append(set_marks(sets))
        tables.append(_qualities(batch, settings.keep))
    qualities = pa.concat_tables(tables) if tables else _qualities_of_none()
    order = pc.sort_indices(qualities, ORDERS[settings.keep]).to_numpy().astype(np.int64)
    return Candidates(
        ordinals=qualities.column("ordinal").to_numpy(),
        ids=qualities.column("id"),
        sets=Shingles(spilled.offsets(), spilled.values().view(np.uint64)),
        order=order,
        leaders=_leaders(np.concatenate(marks), order),
    )


def set_marks(sets: Shingles) -> NDArray[np.uint64]:
    """One number a set, the same for the same set: the sum of its elements, which are hashes."""
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(sets.hashes, dtype=np.uint64)))
    return sums[sets.offsets[1:]] - sums[sets.offsets[:-1]]


def _qualities(batch: Batch, keep: Keep) -> pa.Table:
    provenance = [num_stated(record) for record in batch.records] if keep == "best" else [0] * len(batch)
    return pa.table(
        {
            "ordinal": batch.table.column("ordinal"),
            "id": batch.table.column("id"),
            "length": pc.utf8_length(batch.texts).cast(pa.int64()),
            "provenance": pa.array(provenance, pa.int64()),
        }
    )


def _qualities_of_none() -> pa.Table:
    return (
        pa.table({"ordinal": pa.array([], pa.int64()), "id": pa.array([], pa.string())})
        .append_column("length", pa.array([], pa.int64()))
        .append_column("provenance", pa.array([], pa.int64()))
    )


def _leaders(marks: NDArray[np.uint64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row the first in `order` with an equal mark."""
    _, first, number = np.unique(marks[order], return_index=True, return_inverse=True)
    leaders = np.empty(len(marks), np.int64)
    leaders[order] = order[first[number]]
    return leaders
