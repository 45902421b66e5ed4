"""Splits whose shares hold within each stratum, and not on average only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.datasets.split import SplitKey, SplitPlan, place_of
from preceptor.datasets.types import SplitName


class StratumKey(NamedTuple):
    """A group of records that stay together, and the stratum that all of them belong to (a label, an intent)."""

    key: SplitKey
    stratum: str


def stratified_splits(
    groups: Iterable[StratumKey], plan: SplitPlan, earlier: Mapping[SplitKey, SplitName] | None = None
) -> dict[SplitKey, SplitName]:
    """The split of each group: within every stratum, the number of groups in a split is within one of its share.

    What can be promised: the same groups are divided the same way, in whatever order they come. But exact
    shares depend on how many groups there are, so a group could move when others are added, unless the
    splits of the version before are given as `earlier`: those are kept, always, and only new groups are placed,
    each where the stratum lacks most. A stratum whose earlier splits are far from the plan comes near it only as groups
    are added. `split_of` promises more (nothing ever moves, no memory needed) and less (shares hold on
    average). New groups are placed in order of their hash. Raises InputError for a group that stands in two strata.
    """
    earlier = earlier or {}
    strata: dict[SplitKey, str] = {}
    for group in groups:
        if strata.setdefault(group.key, group.stratum) != group.stratum:
            names = sorted((strata[group.key], group.stratum))
            raise InputError(
                f"the group {group.key[1]!r:.80} stands in the strata {names!r}; stratify by what groups share"
            )
    members: defaultdict[str, list[SplitKey]] = defaultdict(list)
    for key, stratum in strata.items():
        members[stratum].append(key)
    found: dict[SplitKey, SplitName] = {}
    for stratum in sorted(members):
        found |= _divided(members[stratum], plan, earlier)
    return found


def _divided(keys: list[SplitKey], plan: SplitPlan, earlier: Mapping[SplitKey, SplitName]) -> dict[SplitKey, SplitName]:
    found = {key: earlier[key] for key in keys if key in earlier}
    counts: Counter[SplitName] = Counter(found.values())
    new = sorted((key for key in keys if key not in found), key=lambda key: (place_of(key, plan.seed), key))
    for key in new:
        size = sum(counts.values()) + 1
        # The split that is furthest below its share of what there is with this group; train first on a tie.
        split = max(plan.shares(), key=lambda one: one[1] * size - counts[one[0]] if one[1] > 0 else float("-inf"))[0]
        found[key] = split
        counts[split] += 1
    return found
