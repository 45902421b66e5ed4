"""Choose which traces people look at, knowing the chance that each had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from preceptor.core.errors import InputError
from preceptor.triage.types import Selection


def select_random(trace_ids: Iterable[str], budget: int, rng: np.random.Generator) -> Selection:
    """`budget` traces drawn without replacement, each as likely as any other; all of them when there are no more.

    The draw depends on the traces and on `rng` only, not on their order; ids that stand twice count once.

    >>> select_random(["a", "b", "c", "d"], 2, np.random.default_rng(1)).inclusion_probability
    0.5
    """
    return _draw("random", trace_ids, budget, rng)


def select_stratified(
    trace_ids_by_category: Mapping[str, Iterable[str]], budget: int, rng: np.random.Generator
) -> tuple[Selection, ...]:
    """One selection a category: the budget is shared evenly, and what a small category leaves goes to the others.

    A trace in several categories counts in the first of them, so that every trace has one known
    chance: that of its selection. Left-over places go to the earlier categories, so give the
    mapping in the order of the ranking.

    >>> found = {"refusal": ["a"], "invalid_json": ["a", "b", "c", "d", "e"]}
    >>> chosen = select_stratified(found, 3, np.random.default_rng(1))
    >>> [(one.strategy, one.num_candidates, len(one.trace_ids)) for one in chosen]
    [('stratified:refusal', 1, 1), ('stratified:invalid_json', 4, 2)]
    """
    _check(budget)
    strata: dict[str, set[str]] = {}
    seen: set[str] = set()
    for category, trace_ids in trace_ids_by_category.items():
        strata[category] = set(trace_ids) - seen
        seen |= strata[category]
    places = _share({category: len(stratum) for category, stratum in strata.items()}, budget)
    return tuple(
        _draw(f"stratified:{category}", stratum, places[category], rng) for category, stratum in strata.items()
    )


def _draw(strategy: str, trace_ids: Iterable[str], budget: int, rng: np.random.Generator) -> Selection:
    _check(budget)
    candidates = sorted(set(trace_ids))
    places = rng.choice(len(candidates), size=min(budget, len(candidates)), replace=False)
    chosen = [candidates[place] for place in sorted(places)]
    return Selection(
        strategy=strategy,
        trace_ids=tuple(chosen),
        num_candidates=len(candidates),
        inclusion_probability=len(chosen) / len(candidates) if candidates else None,
    )


def _share(sizes: dict[str, int], budget: int) -> dict[str, int]:
    """Places for each: one round after another gives one to each that has candidates left."""
    places = dict.fromkeys(sizes, 0)
    left = min(budget, sum(sizes.values()))
    while left:
        for category, size in sizes.items():
            if left and places[category] < size:
                places[category] += 1
                left -= 1
    return places


def _check(budget: int) -> None:
    if budget < 0:
        raise InputError(f"budget is {budget!r}; write the number of traces to choose, 0 or more")
