"""Numbers that decide which records are drawn, the same on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyarrow as pa


def lottery_numbers(record_ids: Iterable[str], seed: int) -> pa.UInt64Array:
    """64 bits for each record that follow from its id and the seed alone."""
    start = hashlib.blake2b(f"{seed}:".encode(), digest_size=8)
    numbers: list[int] = []
    for record_id in record_ids:
        one = start.copy()
        one.update(record_id.encode())
        numbers.append(int.from_bytes(one.digest(), "big"))
    return pa.array(numbers, pa.uint64())
