"""Put records into splits, by groups, so that adding records moves none."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.datasets.record_texts import prompt_hash
from preceptor.datasets.types import Record, SplitName


@dataclass(frozen=True, kw_only=True)
class SplitPlan:
    """The share of the groups that each split gets; the three add up to 1. Another `seed` is another division."""

    train: float = 0.8
    validation: float = 0.1
    test: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        shares = (self.train, self.validation, self.test)
        if not all(0 <= share <= 1 for share in shares) or not math.isclose(sum(shares), 1, abs_tol=1e-9):
            raise InputError(f"the shares {shares!r} must lie between 0 and 1 and add up to 1")


def assign_splits(records: Iterable[Record], plan: SplitPlan) -> tuple[Record, ...]:
    """The records with their splits, in the order given; a split that a record had is replaced."""
    return tuple(replace(record, split=split_of(record, plan)) for record in records)


def split_of(record: Record, plan: SplitPlan) -> SplitName:
    """The split of a record: it follows from its group (or its own prompt), the shares and the seed alone.

    So a group stays together, and no other record can move it. The shares hold for groups on
    average, as by an honest die: among 100 groups, 10 ± 6 are in a split of 0.1 (95 %).
    Two records with the same prompt but different groups can part; `split_leakage` finds them.
    """
    digest = hashlib.sha256(canonical_json([plan.seed, *_group_key(record)])).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    shares: tuple[tuple[SplitName, float], ...] = (
        ("train", plan.train),
        ("validation", plan.validation),
        ("test", plan.test),
    )
    used = [(name, share) for name, share in shares if share > 0]
    reached = 0.0
    for name, share in used[:-1]:
        reached += share
        if place < reached:
            return name
    return used[-1][0]


def _group_key(record: Record) -> tuple[str, str]:
    return ("group", record.group) if record.group is not None else ("prompt", prompt_hash(record))
