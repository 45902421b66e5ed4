"""One hash over all records, whatever their order: parts can be hashed apart and added.

LtHash (Bellare and Micciancio, A new paradigm for collision-free hashing, 1997; Lewi, Kim, Maykov and
Weis, Securing update propagation with homomorphic hashing, 2019): each record's SHA-256 is spread over
1,024 numbers of 16 bits, which are added up. Finding other records with the same sum costs about 2^200.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from preceptor.datasets.batch import record_bytes
from preceptor.datasets.types import Record

LANES = 1_024


class RecordsHash:
    """The hash of every field of the records added so far; two that saw the same records agree."""

    def __init__(self) -> None:
        self._sum = np.zeros(LANES, np.uint16)
        self._num_records = 0

    def add(self, records: Iterable[Record]) -> None:
        """Take in some records."""
        self.add_bytes(record_bytes(record) for record in records)

    def add_bytes(self, records: Iterable[bytes]) -> None:
        """Take in some records as the column `record` of a Batch holds them."""
        spread = [_spread(record) for record in records]
        lanes = np.frombuffer(b"".join(spread), "<u2").reshape(len(spread), LANES)
        self._sum += lanes.sum(axis=0, dtype=np.uint16)
        self._num_records += len(spread)

    def merge(self, other: RecordsHash) -> None:
        """Take in what another has seen."""
        self._sum += other._sum
        self._num_records += other._num_records

    def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(str(self._num_records).encode() + b"\n" + self._sum.astype("<u2").tobytes()).hexdigest()


def _spread(record: bytes) -> bytes:
    return hashlib.shake_128(hashlib.sha256(record).digest()).digest(2 * LANES)
