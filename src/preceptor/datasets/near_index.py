"""An index on disk of what was deduplicated before: some new records cost what they cost, however many it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from preceptor.core.errors import ConflictError, InputError
from preceptor.core.files import write_text
from preceptor.core.ids import canonical_json
from preceptor.core.json_values import as_object, parse_json
from preceptor.datasets.batch import Batch
from preceptor.datasets.near_candidates import Candidates, read_candidates
from preceptor.datasets.near_duplicates import Chosen, choose_kept
from preceptor.datasets.near_keys import NearSettings, near_keys
from preceptor.datasets.near_meetings import group_by_key
from preceptor.datasets.near_segment import SegmentRows, iter_segments, write_segment
from preceptor.datasets.spilled_rows import SpilledRows
from preceptor.datasets.whole_folder import sole_writer
from preceptor.kernels.keep_best import KEPT

INDEX_FILE = "index.json"
INDEX_VERSION = 1


class IndexedDuplicate(NamedTuple):
    """Record `ordinal` of what was added is `score` like the record `kept`, which the index held or now holds."""

    ordinal: int
    kept: str
    score: float
    was_indexed: bool


class Added(NamedTuple):
    """What adding found; `num_new` records were not like any other and are in the index now."""

    num_records: int
    num_new: int
    duplicates: list[IndexedDuplicate]


@dataclass(frozen=True, kw_only=True)
class NearIndex:
    """Made by `open_near_index`."""

    folder: Path
    settings: NearSettings

    def add(self, batches: Iterable[Batch]) -> Added:
        """Find the records that are like one of the index, or like a kept one of these; the others join the index.

        They join all at once or, when the process is killed, not at all. Adding the same records again gives
        the same answer and changes nothing. The `id` of a record is the name by which it is found later.
        Waits while another process adds.
        """
        keys: list[pa.RecordBatch] = []
        with sole_writer(self.folder), SpilledRows(np.uint64) as spilled:
            candidates = read_candidates(_with_keys(batches, self.settings, keys), self.settings, spilled)
            rows = _key_rows(candidates, keys)
            digest = _digest(candidates)
            indexed = self._like_indexed(candidates, rows, digest)
            is_indexed = np.zeros(len(candidates.ordinals), bool)
            is_indexed[list(indexed)] = True
            places = group_by_key(candidates.ordinals[rows.rows], rows.keys)
            chosen = choose_kept(candidates, places, self.settings, spilled, is_indexed)
            is_new = ~is_indexed & (chosen.partners == KEPT)
            write_segment(self.folder, digest, rows.of(is_new), candidates, is_new)
        duplicates = [
            indexed[row] if row in indexed else _like_added(candidates, chosen, row)
            for row in np.flatnonzero(~is_new).tolist()
        ]
        return Added(len(candidates.ordinals), int(is_new.sum()), duplicates)

    def __len__(self) -> int:
        return sum(len(segment) for segment in iter_segments(self.folder))

    def _like_indexed(self, candidates: Candidates, rows: SegmentRows, digest: str) -> dict[int, IndexedDuplicate]:
        """By row, the candidates that are like a record added before; of several the most like, then the oldest."""
        found: dict[int, IndexedDuplicate] = {}
        for segment in iter_segments(self.folder):
            if segment.digest == digest:
                break
            best = segment.most_like(rows, candidates.sets, self.settings.threshold)
            for row, member, score in zip(best.rows.tolist(), best.members.tolist(), best.scores.tolist(), strict=True):
                if row not in found or score > found[row].score:
                    found[row] = IndexedDuplicate(
                        ordinal=int(candidates.ordinals[row]),
                        kept=segment.id_of(member),
                        score=score,
                        was_indexed=True,
                    )
        return found


def open_near_index(folder: Path, settings: NearSettings) -> NearIndex:
    """The index in this folder, made when missing.

    Raises ConflictError when it was made with another threshold or other shingles: its records would
    not meet those of other settings.
    """
    path = folder / INDEX_FILE
    wanted = {"version": INDEX_VERSION, "threshold": settings.threshold, "shingle_words": settings.shingle_words}
    if not path.exists():
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"{str(folder)!r} is no index and not empty; name another folder")
        write_text(path, canonical_json(wanted).decode())
    found = as_object(parse_json(path.read_bytes()), INDEX_FILE)
    if found != wanted:
        raise ConflictError(f"{str(folder)!r} was made with {found!r}; use these settings or another folder")
    return NearIndex(folder=folder, settings=settings)


def _like_added(candidates: Candidates, chosen: Chosen, row: int) -> IndexedDuplicate:
    return IndexedDuplicate(
        ordinal=int(candidates.ordinals[row]),
        kept=candidates.ids[int(chosen.partners[row])].as_py(),
        score=float(chosen.scores[row]),
        was_indexed=False,
    )


def _with_keys(batches: Iterable[Batch], settings: NearSettings, keys: list[pa.RecordBatch]) -> Iterator[Batch]:
    for batch in batches:
        keys.append(near_keys(batch, settings))
        yield batch


def _key_rows(candidates: Candidates, keys: list[pa.RecordBatch]) -> SegmentRows:
    ordinals = np.concatenate([np.empty(0, np.int64), *(some.column("ordinal").to_numpy() for some in keys)])
    values = np.concatenate([np.empty(0, np.uint64), *(some.column("bucket").to_numpy() for some in keys)])
    return SegmentRows(values, np.searchsorted(candidates.ordinals, ordinals))


def _digest(candidates: Candidates) -> str:
    """The same for the same records in the same order."""
    digest = hashlib.sha256(np.ascontiguousarray(candidates.sets.offsets).data)
    for chunk in candidates.ids.chunks:
        for name in chunk.to_pylist():
            digest.update(name.encode() + b"\n")
    digest.update(candidates.sets.hashes.data if len(candidates.sets.hashes) else b"")
    return digest.hexdigest()
