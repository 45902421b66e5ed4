"""Put the scores of two sides together, case by case; what cannot be paired is named, never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple, TypeVar

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow, Unpaired

Value = TypeVar("Value", str | None, tuple[str, ...])

NAMED = 5


class ScorePair(NamedTuple):
    """Both scores of one case."""

    id: str
    baseline: float
    candidate: float
    cluster: str | None
    slices: tuple[str, ...]

    @property
    def change(self) -> float:
        """Candidate minus baseline."""
        return self.candidate - self.baseline


class Pairing(NamedTuple):
    """The cases that both sides scored, in the baseline's order, and those that could not be paired."""

    pairs: tuple[ScorePair, ...]
    unpaired: Unpaired


def pair_scores(baseline: Sequence[ScoreRow], candidate: Sequence[ScoreRow]) -> Pairing:
    """The pairs, by id.

    Cluster and slices may stand on one side only. Raises InputError, naming the ids, for one
    that stands twice on a side, for a score that is not a finite number, and for a case whose
    cluster or slices differ between the sides.
    """
    _check_rows(baseline, "baseline")
    _check_rows(candidate, "candidate")
    others = {row.id: row for row in candidate}
    known = {row.id for row in baseline}
    shared = [(row, others[row.id]) for row in baseline if row.id in others]
    pairs = tuple(
        ScorePair(
            id=row.id,
            baseline=float(row.score),
            candidate=float(other.score),
            cluster=_agreed(row.id, "cluster", row.cluster, other.cluster),
            slices=_agreed(row.id, "slices", row.slices, other.slices),
        )
        for row, other in shared
        if row.score is not None and other.score is not None
    )
    unpaired = Unpaired(
        only_in_baseline=tuple(row.id for row in baseline if row.id not in others),
        only_in_candidate=tuple(row.id for row in candidate if row.id not in known),
        baseline_missing_score=tuple(row.id for row, _ in shared if row.score is None),
        candidate_missing_score=tuple(other.id for _, other in shared if other.score is None),
    )
    return Pairing(pairs, unpaired)


def name_some(ids: Iterable[str]) -> str:
    """The first five ids, in quotes, and how many more there are.

    >>> name_some("abcdefg")
    "'a', 'b', 'c', 'd', 'e' and 2 more"
    """
    every = list(ids)
    more = f" and {len(every) - NAMED} more" if len(every) > NAMED else ""
    return ", ".join(repr(one) for one in every[:NAMED]) + more


def _check_rows(rows: Sequence[ScoreRow], side: str) -> None:
    twice = [case for case, count in Counter(row.id for row in rows).items() if count > 1]
    if twice:
        raise InputError(f"{side}: more than one score for {name_some(twice)}; keep one row a case")
    odd = [row.id for row in rows if row.score is not None and not isfinite(row.score)]
    if odd:
        raise InputError(f"{side}: no finite number as score of {name_some(odd)}; write null where a score is missing")


def _agreed(case: str, what: str, first: Value, second: Value) -> Value:
    if first and second and first != second:
        raise InputError(
            f"case {case!r}: {what} {first!r} in the baseline, {second!r} in the candidate; make them equal"
        )
    return first or second
