"""The pairs of answers, one better than the other, that a record holds."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Literal, NamedTuple

from preceptor.core.errors import InputError
from preceptor.datasets.types import Record

RankingPairs = Literal["none", "best_worst", "adjacent", "all"]


class Pair(NamedTuple):
    """Two answers to one prompt; `margin` says by how much the chosen one is better, where somebody said so."""

    chosen: str
    rejected: str
    margin: float | None


def preference_pairs(record: Record, from_ranking: RankingPairs) -> tuple[Pair, ...]:
    """The pairs of a preference record (one) or a ranking; none for other kinds.

    From a ranking: `none`, the best with the worst, each with the next worse one, or all pairs. Equal
    ranks give no pair, answers of a rank keep their order, and no margin is made up from ranks.
    Raises InputError when a preference record lacks an answer.

    >>> from preceptor.datasets.types import RankedAnswer, Record
    >>> ranked = tuple(RankedAnswer(text=text, rank=rank) for text, rank in (("b", 2), ("a", 1), ("c", 3)))
    >>> record = Record(id="r1", kind="ranking", messages=(), ranked=ranked)
    >>> [(pair.chosen, pair.rejected) for pair in preference_pairs(record, "adjacent")]
    [('a', 'b'), ('b', 'c')]
    """
    if record.kind == "preference":
        if record.chosen is None or record.rejected is None:
            raise InputError(f"record {record.id!r} lacks its chosen or rejected answer; run the check `schema`")
        return (Pair(record.chosen, record.rejected, record.margin),)
    if record.kind != "ranking" or from_ranking == "none":
        return ()
    ordered = sorted(record.ranked, key=lambda answer: answer.rank)
    taken = {
        "best_worst": [(ordered[0], ordered[-1])] if ordered else [],
        "adjacent": list(pairwise(ordered)),
        "all": list(combinations(ordered, 2)),
    }[from_ranking]
    return tuple(Pair(better.text, worse.text, None) for better, worse in taken if better.rank < worse.rank)
