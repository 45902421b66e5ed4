"""One addition to an index of near duplicates: sorted keys, sets and names in a folder that appears at once."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.core.errors import StorageError
from preceptor.core.files import explain, sync_folder
from preceptor.datasets.near_candidates import Candidates
from preceptor.datasets.whole_folder import PART
from preceptor.kernels.indexed_pairs import MostLike, Ranges, most_like
from preceptor.kernels.shingles import Shingles

_NAME = re.compile(r"segment_(\d{6})_([0-9a-f]{64})")
ROWS_AT_ONCE = 20_000
Number = TypeVar("Number", bound=np.generic)


class SegmentRows(NamedTuple):
    """Row `rows[i]` has the key `keys[i]`."""

    keys: NDArray[np.uint64]
    rows: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> SegmentRows:
        """Those of the chosen rows, numbered among them, in order of the keys."""
        numbers = np.cumsum(chosen) - 1
        is_in = chosen[self.rows]
        keys, rows = self.keys[is_in], numbers[self.rows[is_in]]
        order = np.argsort(keys, kind="stable")
        return SegmentRows(keys[order], rows[order])


@dataclass(frozen=True)
class NearSegment:
    """A segment on disk, read through maps of its files; `digest` says what was added."""

    folder: Path
    digest: str

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def most_like(self, rows: SegmentRows, sets: Shingles, threshold: float) -> MostLike:
        """For each row that is like a member, the member it is most like."""
        order = np.argsort(rows.keys, kind="stable")
        keys, asked = rows.keys[order], rows.rows[order]
        held = self._keys
        first, last = np.searchsorted(held, keys, "left"), np.searchsorted(held, keys, "right")
        meets = last > first
        members = self._read("members", np.int32)
        ranges = Ranges(asked[meets], first[meets], last[meets], members)
        return most_like(ranges, sets, Shingles(self._offsets, self._read("hashes", np.uint64)), threshold)

    def id_of(self, member: int) -> str:
        """The name of a member."""
        start, end = self._read("name_offsets", np.int64)[member : member + 2]
        return self._read("names", np.uint8)[start:end].tobytes().decode()

    @cached_property
    def _keys(self) -> NDArray[np.uint64]:
        return self._read("keys", np.uint64)

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        return self._read("offsets", np.int64)

    def _read(self, name: str, kind: type[Number]) -> NDArray[Number]:
        path = self.folder / f"{name}.bin"
        try:
            if not path.stat().st_size:
                return np.empty(0, kind)
            # A plain array over the map: Numba does not know numpy's own class for it.
            return np.asarray(np.memmap(path, kind, "r"))
        except (OSError, ValueError) as error:
            raise StorageError(f"{str(path)!r} is damaged ({error}); make the index again") from error


def iter_segments(folder: Path) -> Iterator[NearSegment]:
    """The segments of an index in the order in which they were added."""
    found = [_NAME.fullmatch(path.name) for path in sorted(folder.iterdir())]
    yield from (NearSegment(folder / name[0], name[2]) for name in found if name)


def write_segment(
    folder: Path, digest: str, rows: SegmentRows, candidates: Candidates, chosen: NDArray[np.bool_]
) -> None:
    """Add the chosen candidates as a segment, unless what was added is there already."""
    segments = list(iter_segments(folder))
    if any(segment.digest == digest for segment in segments) or not chosen.any():
        return
    names = [name.encode() for name in candidates.ids.filter(pa.array(chosen)).to_pylist()]
    with _whole_folder(folder / f"segment_{len(segments):06d}_{digest}") as place:
        offsets = candidates.sets.offsets
        _write(place / "keys.bin", [rows.keys])
        _write(place / "members.bin", [rows.rows.astype(np.int32)])
        _write(place / "offsets.bin", [_added_up(np.diff(offsets)[chosen])])
        _write(place / "hashes.bin", _chosen_hashes(candidates.sets, chosen))
        _write(place / "name_offsets.bin", [_added_up(np.array([len(name) for name in names], np.int64))])
        _write(place / "names.bin", [np.frombuffer(b"".join(names), np.uint8)])


def _chosen_hashes(sets: Shingles, chosen: NDArray[np.bool_]) -> Iterator[NDArray[np.uint64]]:
    for start in range(0, len(chosen), ROWS_AT_ONCE):
        some = sets.offsets[start : start + ROWS_AT_ONCE + 1]
        is_in = np.repeat(chosen[start : start + ROWS_AT_ONCE], np.diff(some))
        yield sets.hashes[some[0] : some[-1]][is_in]


def _added_up(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


def _write(path: Path, pieces: Iterable[NDArray[np.generic]]) -> None:
    with path.open("wb") as stream:
        for piece in pieces:
            stream.write(np.ascontiguousarray(piece).data)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _whole_folder(path: Path) -> Iterator[Path]:
    """A folder that gets its name when the block ends well; what a killed process leaves is no segment."""
    try:
        place = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART))
        try:
            yield place
            sync_folder(place)
            place.rename(path)
            sync_folder(path.parent)
        finally:
            shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise explain(error, path) from error
