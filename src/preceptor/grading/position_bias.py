"""How often the order of two answers decided what a pairwise judge said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preceptor.core.json_values import JsonObject
from preceptor.stats.intervals import wilson
from preceptor.stats.types import Interval


@dataclass(frozen=True, kw_only=True)
class PositionBias:
    """What both orders of the same pairs say of the judge.

    `consistency` is the share of pairs with the same verdict in both orders. `first_share` is
    the share of those pairs in which the first place won both times, among all where one place
    won both times: 0.5 is no bias. `num_first` and `num_second` count these; the other
    inconsistent pairs were a tie in one order only. Intervals are Wilson's; a share of
    nothing is None.
    """

    num_pairs: int
    num_consistent: int
    num_first: int
    num_second: int
    consistency: float | None
    consistency_interval: Interval | None
    first_share: float | None
    first_share_interval: Interval | None


def position_bias(details: Iterable[JsonObject], confidence: float = 0.95) -> PositionBias:
    """The judge's consistency and its preference for a place, from the details of pairwise scores.

    Details without the verdicts of both orders are passed over.

    >>> bias = position_bias([
    ...     {"output_first": "output", "other_first": "output"},
    ...     {"output_first": "output", "other_first": "other"},
    ... ])
    >>> bias.consistency, bias.first_share
    (0.5, 1.0)
    """
    pairs = [
        (detail["output_first"], detail["other_first"])
        for detail in details
        if "output_first" in detail and "other_first" in detail
    ]
    num_consistent = sum(ours == other for ours, other in pairs)
    num_first = pairs.count(("output", "other"))
    num_second = pairs.count(("other", "output"))
    num_placed = num_first + num_second
    return PositionBias(
        num_pairs=len(pairs),
        num_consistent=num_consistent,
        num_first=num_first,
        num_second=num_second,
        consistency=num_consistent / len(pairs) if pairs else None,
        consistency_interval=wilson(num_consistent, len(pairs), confidence) if pairs else None,
        first_share=num_first / num_placed if num_placed else None,
        first_share_interval=wilson(num_first, num_placed, confidence) if num_placed else None,
    )
