"""The records of a version as narrow arrays: enough to compare two versions, some 80 bytes a record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, cast

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from preceptor.core.errors import InputError
from preceptor.datasets.read_version import KINDS, SPLIT_NAMES, DataFile, iter_files

PROVENANCE = (
    "source", "licence", "consent", "language", "generator", "generator_prompt", "annotators", "source_ids",
    "created_at", "group", "rationale", "metadata",
)  # fmt: skip
ROWS_AT_ONCE = 16_384
Scalar = TypeVar("Scalar", bound=np.generic)
Numbers = NDArray[np.uint32]


class VersionIndex(NamedTuple):
    """The records in order of id; `fields` holds a hash of each field's value, 0 where there is none."""

    ids: NDArray[np.bytes_]
    splits: NDArray[np.int8]
    kinds: NDArray[np.int8]
    fields: dict[str, Numbers]


class _Label(Protocol):
    """One value of a JSON object as it stands there."""

    label: msgspec.Raw


def index_version(folder: Path, label_fields: Sequence[str] = ()) -> VersionIndex:
    """The index of a version, read column by column; `label_fields` are looked up in the metadata.

    Raises NotFoundError when the folder holds no version or lacks a file, InputError for a damaged one.
    """
    parts = [part for file in iter_files(folder) for part in _parts(file, label_fields)]
    names = (*PROVENANCE, *(f"metadata.{name}" for name in label_fields))
    ids = np.concatenate([part.ids for part in parts] or [np.array([], "S1")])
    order = np.argsort(ids, kind="stable")
    return VersionIndex(
        ids=ids[order],
        splits=_joined([part.splits for part in parts], np.int8)[order],
        kinds=_joined([part.kinds for part in parts], np.int8)[order],
        fields={name: _joined([part.fields[name] for part in parts], np.uint32)[order] for name in names},
    )


def _joined(arrays: list[NDArray[Scalar]], of: type[Scalar]) -> NDArray[Scalar]:
    return np.concatenate(arrays) if arrays else np.array([], of)


def _parts(file: DataFile, label_fields: Sequence[str]) -> list[VersionIndex]:
    split, kind = SPLIT_NAMES.index(file.split), KINDS.index(file.kind)
    try:
        with pq.ParquetFile(file.path) as opened:
            columns = ["id", *(name for name in PROVENANCE if name in opened.schema_arrow.names)]
            return [
                _part(batch, split, kind, label_fields)
                for batch in opened.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns)
            ]
    except pa.ArrowException as error:
        raise InputError(f"{str(file.path)!r} cannot be read: {error}; restore the version") from error


def _part(batch: pa.RecordBatch, split: int, kind: int, label_fields: Sequence[str]) -> VersionIndex:
    size = batch.num_rows
    fields = {name: np.zeros(size, np.uint32) for name in PROVENANCE}
    for name in batch.schema.names:
        if name != "id":
            fields[name] = _hashes(batch.column(name), _hash)
    for name in label_fields:
        has_metadata = "metadata" in batch.schema.names
        column = batch.column("metadata") if has_metadata else pa.nulls(size, pa.string())
        fields[f"metadata.{name}"] = _hashes(column, partial(_label_hash, _label_decoder(name)))
    return VersionIndex(
        ids=np.array(batch.column("id").to_pylist(), dtype="S"),
        splits=np.full(size, split, np.int8),
        kinds=np.full(size, kind, np.int8),
        fields=fields,
    )


def _hashes(column: pa.Array, hash_of: Callable[[str], int]) -> Numbers:
    """A hash of each value, worked out once for each distinct one."""
    if pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
        column = pc.binary_join(column, "\x1f")
    if not pa.types.is_string(column.type):
        column = pa.array([None if value is None else repr(value) for value in column.to_pylist()], pa.string())
    coded = column.dictionary_encode()
    hashes = np.array([hash_of(text) for text in coded.dictionary.to_pylist()] or [0], np.uint32)
    places = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.where(places < 0, np.uint32(0), hashes[places])


def _hash(text: str) -> int:
    """32 bits of the text's hash; 0 for an empty one, which says as little as none."""
    if text in {"", "{}"}:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little") or 1


def _label_hash(decoder: msgspec.json.Decoder[_Label], metadata: str) -> int:
    try:
        label = bytes(decoder.decode(metadata).label).decode()
    except msgspec.DecodeError as error:
        raise InputError(f"the metadata {metadata[:60]!r} is no JSON object: {error}; restore the version") from error
    return 0 if label == "null" else _hash(label)


def _label_decoder(name: str) -> msgspec.json.Decoder[_Label]:
    """Finds one value in a JSON object and passes over the rest of it: metadata can be long."""
    field = ("label", msgspec.Raw, msgspec.Raw(b"null"))
    return msgspec.json.Decoder(cast("type[_Label]", msgspec.defstruct("Label", [field], rename={"label": name})))
