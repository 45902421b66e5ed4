"""A record's answers in the order in which an annotator sees them."""

from __future__ import annotations

import hashlib


def shown_order(record_id: str, num_answers: int) -> tuple[int, ...]:
    """The places of the answers as shown: shuffled by the record's id, so that the best is not always first.

    The same record always gets the same order, on any machine.

    >>> sorted(shown_order("record_1", 3))
    [0, 1, 2]
    """
    return tuple(sorted(range(num_answers), key=lambda place: hashlib.sha256(f"{record_id}/{place}".encode()).digest()))
