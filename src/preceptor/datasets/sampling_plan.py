"""Plans for stratified samples: how many records of each stratum, which ones, and what each stands for.

Cochran, Sampling Techniques (3rd edition, 1977), chapter 5: proportional allocation, n_h in proportion to N_h, and
the one of least variance for a fixed size, Neyman's (section 5.5), in proportion to N_h S_h. Whole numbers
are given out one record at a time, so that a larger budget takes none away: by N_h S_h / √(n (n + 1)) for Neyman's,
which is the exact optimum (Wright, The equivalence of Neyman optimum allocation for sampling and equal proportions
for apportioning, The American Statistician 66:217, 2012), by N_h / (n + ½) otherwise (Webster's method).
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NamedTuple

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.lottery import lottery_numbers
from preceptor.datasets.record_field import field_reader

NOT_STATED = "(not stated)"
RECORDS_AT_ONCE = 4_096
Allocation = Literal["proportional", "equal", "neyman"]


@dataclass(frozen=True, kw_only=True)
class SamplingPlan:
    """How many records are drawn in all, and how they are shared out over the strata.

    `by` are the fields whose values make a stratum, such as `metadata.intent`. `rates` are the failure rates that are
    known or guessed by stratum, from which Neyman's allocation takes the standard deviation √(p(1 - p));
    `deviations` are standard deviations of another measure in their place. `min_per_stratum` records
    are drawn of each stratum, all of it where it has fewer.
    """

    by: tuple[str, ...]
    budget: int
    allocation: Allocation = "proportional"
    min_per_stratum: int = 1
    seed: int = 0
    rates: dict[str, float] = field(default_factory=dict)
    deviations: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.by:
            field_reader(name)
        if self.budget < 1 or self.min_per_stratum < 0:
            raise InputError(
                f"budget is {self.budget!r}, min_per_stratum {self.min_per_stratum!r}; give whole numbers from 1 and 0"
            )
        if bool(self.rates) == bool(self.deviations) if self.allocation == "neyman" else self.rates or self.deviations:
            raise InputError(
                f"the allocation is {self.allocation!r}; rates or deviations, one of them, belong to 'neyman'"
            )
        if not all(0 <= rate <= 1 for rate in self.rates.values()):
            raise InputError(f"rates are {self.rates!r}; give numbers from 0 to 1")
        if not all(0 <= one < math.inf for one in self.deviations.values()):
            raise InputError(f"deviations are {self.deviations!r}; give numbers from 0")


class DrawnRecord(NamedTuple):
    """A record in the sample. `weight` is how many records it stands for: 1 / `probability` that it is drawn."""

    record_id: str
    stratum: str
    probability: float
    weight: float


class StratumShare(NamedTuple):
    """A stratum: how many records it has, and how many of them are drawn."""

    stratum: str
    num_records: int
    num_drawn: int


class StratifiedSample(NamedTuple):
    """The drawn records in order of stratum, then of the lottery, and the strata in order of their names."""

    records: tuple[DrawnRecord, ...]
    strata: tuple[StratumShare, ...]


class StratumRecord(NamedTuple):
    """A record of the frame, by id, with its stratum."""

    record_id: str
    stratum: str


def iter_frame(batches: Iterable[Batch], plan: SamplingPlan) -> Iterator[StratumRecord]:
    """Each record of some batches with its stratum: the values of the plan's fields, or `NOT_STATED`."""
    readers = [field_reader(name) for name in plan.by]
    for batch in batches:
        for record in batch.records:
            yield StratumRecord(record.id, " | ".join([read(record) or NOT_STATED for read in readers]))


def draw_sample(frame: Iterable[StratumRecord], plan: SamplingPlan) -> StratifiedSample:
    """The records that a plan draws from those there are, the same ones on any machine and in any order.

    Within a stratum, those whose ids, hashed with the seed, come first are drawn (bottom-k), so a sample
    holds every smaller one of the same stratum: a larger budget adds records. A mean over the population is
    Σ weight · value / Σ weight. At most `budget` records of each stratum are in memory. An id that
    stands twice is one record. Raises InputError for an empty frame, or a budget below what the minimum asks for.

    >>> frame = [StratumRecord(f"r{number}", "a" if number < 6 else "b") for number in range(8)]
    >>> sample = draw_sample(frame, SamplingPlan(by=("metadata.intent",), budget=4))
    >>> [(one.stratum, one.num_records, one.num_drawn) for one in sample.strata]
    [('a', 6, 3), ('b', 2, 1)]
    >>> sample.records[0].weight
    2.0
    """
    sizes, first = _lottery(frame, plan)
    counts = allocate(sizes, plan)
    drawn: list[DrawnRecord] = []
    for stratum in sorted(sizes):
        if counts[stratum] == 0:
            continue
        probability = counts[stratum] / sizes[stratum]
        chosen = first[stratum][: counts[stratum]]
        drawn += [DrawnRecord(record_id, stratum, probability, 1 / probability) for record_id in chosen]
    strata = tuple(StratumShare(name, sizes[name], counts[name]) for name in sorted(sizes))
    return StratifiedSample(tuple(drawn), strata)


def allocate(sizes: Mapping[str, int], plan: SamplingPlan) -> dict[str, int]:
    """How many records of each stratum: the minimum first, the rest of the budget by the plan's allocation.

    No stratum gives more than it has; what it cannot give goes to the others. A tie goes to the stratum that comes
    first by name. The sum is the budget, or the number of records where there are fewer; no count falls
    when the budget grows. Raises InputError for no strata, or a budget below what the minimum asks for.
    """
    if not sizes:
        raise InputError("there are no records to draw from")
    counts = {name: min(plan.min_per_stratum, size) for name, size in sizes.items()}
    left = min(plan.budget, sum(sizes.values())) - sum(counts.values())
    if left < 0:
        raise InputError(
            f"{len(sizes)} strata with {plan.min_per_stratum} records each (or all they have) need "
            f"{sum(counts.values())}, the budget is {plan.budget}; raise it or lower min_per_stratum"
        )
    portions = _portions(sizes, plan)
    waiting = [(-_priority(portions[name], counts[name], plan), name) for name in sizes if counts[name] < sizes[name]]
    heapq.heapify(waiting)
    for _ in range(left):
        _, name = waiting[0]
        counts[name] += 1
        if counts[name] < sizes[name]:
            heapq.heapreplace(waiting, (-_priority(portions[name], counts[name], plan), name))
        else:
            heapq.heappop(waiting)
    return counts


def _priority(portion: float, count: int, plan: SamplingPlan) -> float:
    """How much a stratum with `count` records drawn wants the next one."""
    if plan.allocation != "neyman":
        return portion / (count + 0.5)
    if count == 0:
        # Without a record there is no estimate, so the first goes before every second one.
        return math.inf if portion > 0 else 0.0
    return portion / math.sqrt(count * (count + 1))


def _portions(sizes: Mapping[str, int], plan: SamplingPlan) -> dict[str, float]:
    """What each stratum's part of the budget is in proportion to."""
    if plan.allocation == "equal":
        return dict.fromkeys(sizes, 1.0)
    if plan.allocation == "proportional":
        return {name: float(size) for name, size in sizes.items()}
    deviations = plan.deviations or {name: math.sqrt(rate * (1 - rate)) for name, rate in plan.rates.items()}
    lacking = sorted(sizes.keys() - deviations.keys())
    if lacking:
        raise InputError(f"no rate or deviation is given for the strata {lacking[:10]!r}; give one for each")
    portions = {name: size * deviations[name] for name, size in sizes.items()}
    if not any(portions.values()):
        raise InputError("every stratum's deviation is 0, so Neyman's allocation says nothing; use 'proportional'")
    return portions


def _lottery(frame: Iterable[StratumRecord], plan: SamplingPlan) -> tuple[dict[str, int], dict[str, list[str]]]:
    """The size of each stratum, and its first records in the lottery, at most as many as the budget."""
    heaps: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    sizes: Counter[str] = Counter()
    seen: set[str] = set()
    stream = iter(frame)
    while some := list(islice(stream, RECORDS_AT_ONCE)):
        numbers = lottery_numbers([one.record_id for one in some], plan.seed).to_pylist()
        for one, number in zip(some, numbers, strict=True):
            if one.record_id in seen:
                continue
            seen.add(one.record_id)
            sizes[one.stratum] += 1
            heap = heaps[one.stratum]
            if len(heap) < plan.budget:
                heapq.heappush(heap, (-number, one.record_id))
            else:
                heapq.heappushpop(heap, (-number, one.record_id))
    return dict(sizes), {
        name: [record_id for _, record_id in sorted(heap, reverse=True)] for name, heap in heaps.items()
    }
