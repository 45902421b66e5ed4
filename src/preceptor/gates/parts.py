"""Put the parts of one criterion together: all must pass, one that fails is enough to fail."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.gates.types import Decision, SliceResult

ORDER: tuple[Decision, ...] = ("fail", "inconclusive", "pass")


def worst(parts: Sequence[SliceResult]) -> SliceResult:
    """The part that decides: the first of those with the worst word.

    Every part is judged at its own level: where all must hold at once, the chance that a wrong one
    passes is at most its own (intersection-union test).
    """
    return min(parts, key=lambda part: ORDER.index(part.verdict))


def said(parts: Sequence[SliceResult]) -> str:
    """The reasons of the parts that decide, in one sentence."""
    deciding = worst(parts).verdict
    return "; ".join(part.reason for part in parts if part.verdict == deciding)
