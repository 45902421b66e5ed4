"""One hash covers every field of every record, in any order and division."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace

import numpy as np
import pytest

from preceptor.core.ids import canonical_json
from preceptor.datasets.manifest import hash_records
from preceptor.datasets.records_hash import LANES, RecordsHash


def test_order_and_division_do_not_matter(records):
    one, two = RecordsHash(), RecordsHash()
    one.add(records[3:])
    two.add(records[:3])
    one.merge(two)
    assert one.hexdigest() == hash_records(records) == hash_records(reversed(records))


def test_it_is_the_sum_of_the_spread_hashes(records):
    """Worked out by hand from the paper's definition: lanes of 16 bits, added modulo 2^16."""
    total = np.zeros(LANES, np.uint64)
    for record in records:
        spread = hashlib.shake_128(hashlib.sha256(canonical_json(record)).digest()).digest(2 * LANES)
        total += np.frombuffer(spread, "<u2")
    expected = hashlib.sha256(b"6\n" + (total % 2**16).astype("<u2").tobytes()).hexdigest()
    assert hash_records(records) == expected


@pytest.mark.parametrize(
    "name", ["split", "licence", "consent", "group", "rationale", "created_at", "generator_prompt"]
)
def test_any_other_value_gives_another_hash(records, name):
    assert name in {field.name for field in fields(records[0])}
    other = replace(records[0], **{name: "test" if name == "split" else "x"})
    assert hash_records([other, *records[1:]]) != hash_records(records)


def test_a_record_that_stands_twice_counts_twice(records):
    assert hash_records([records[0], records[0]]) != hash_records([records[0]])
