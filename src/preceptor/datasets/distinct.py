"""Count distinct texts in little memory: exact for few, close for many.

Bar-Yossef, Jayram, Kumar, Sivakumar and Trevisan, Counting distinct elements in a data stream
(RANDOM 2002), with the unbiased estimate of Beyer, Haas, Reinwald, Sismanis and Gemulla (SIGMOD 2007):
of evenly spread hashes, the k-th smallest tells how many there are.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable

KEPT = 32_768


class DistinctCount:
    """How many distinct texts were added: exact up to 32,768, then within 1.1 % in 19 of 20 cases.

    Order and division do not matter: the same texts give the same count on any machine.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self._hashes: set[int] = set()
        self._is_cut = False

    def add(self, texts: Iterable[str]) -> None:
        """Note some texts."""
        self._hashes.update(_hash(text) for text in set(texts))
        self._cut()

    def merge(self, other: DistinctCount) -> None:
        """Note what another count has seen."""
        self._hashes |= other._hashes
        self._is_cut |= other._is_cut
        self._cut(at=self.kept)

    @property
    def count(self) -> int:
        """How many distinct texts there were, rounded where it is an estimate."""
        smallest = heapq.nsmallest(self.kept, self._hashes)
        if not self.is_estimate:
            return len(smallest)
        return round((self.kept - 1) * 2**64 / smallest[-1])

    @property
    def is_estimate(self) -> bool:
        """True when there were more than are kept."""
        return self._is_cut or len(self._hashes) > self.kept

    def _cut(self, at: int | None = None) -> None:
        # Only now and then: cutting costs a sort.
        if len(self._hashes) > (at or 4 * self.kept):
            self._hashes = set(heapq.nsmallest(self.kept, self._hashes))
            self._is_cut = True


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
