"""Which eval cases a text says in other words: the cases whose vectors lie near the text's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from preceptor.core.errors import InputError
from preceptor.datasets.eval_texts import question_of
from preceptor.datasets.text_vectors import Vectors, text_vectors

# Cosines in memory at once, as many as 16 MB hold.
CELLS_IN_BLOCK = 4_000_000
KEPT_CASES = 2


class Likeness(NamedTuple):
    """A case that a text resembles; the cosine of their vectors."""

    case_id: str
    similarity: float


class TextLikeness(NamedTuple):
    """The cases that the text at `place` resembles, most alike first, ties in order of id."""

    place: int
    cases: list[Likeness]


@dataclass(frozen=True, kw_only=True)
class CaseVectors:
    """Eval cases as vectors of what they ask; made by `case_vectors`."""

    case_ids: Sequence[str]
    vectors: Vectors

    def likenesses(self, texts: Sequence[str], min_similarity: float) -> Iterator[TextLikeness]:
        """The texts that resemble a case, in order. Time grows with texts times cases; memory does not."""
        for start, cosines in self._blocks(texts):
            for row in np.flatnonzero((cosines >= min_similarity).any(axis=1)).tolist():
                near = np.flatnonzero(cosines[row] >= min_similarity).tolist()
                found = [Likeness(self.case_ids[case], float(cosines[row, case])) for case in near]
                yield TextLikeness(start + row, sorted(found, key=lambda one: (-one.similarity, one.case_id)))

    def highest(self, texts: Sequence[str]) -> list[float]:
        """For each text the cosine with the case that is most alike."""
        return [one for _, cosines in self._blocks(texts) for one in cosines.max(axis=1).tolist()]

    def _blocks(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors]]:
        size = max(1, CELLS_IN_BLOCK // max(1, len(self.case_ids)))
        for start in range(0, len(texts), size):
            yield start, text_vectors(texts[start : start + size]) @ self.vectors.T


def case_vectors(cases: Mapping[str, str]) -> CaseVectors:
    """The vectors of what each case asks, without its choices; made once in a process for the same cases."""
    return _kept_vectors(tuple(cases.items()))


def fit_similarity(cases: CaseVectors, unrelated: Sequence[str], false_positive_rate: float) -> float:
    """The least similarity that at most this share of the unrelated texts reaches.

    Measure what it does on other texts than these. Raises InputError for too few texts to tell:
    one in a hundred needs a hundred.
    """
    if not 0 < false_positive_rate < 1 or len(unrelated) * false_positive_rate < 1:
        raise InputError(
            f"{len(unrelated)} texts cannot show a false-positive rate of {false_positive_rate!r}; "
            "give at least one divided by the rate"
        )
    highest = sorted(cases.highest(unrelated), reverse=True)
    allowed = int(len(unrelated) * false_positive_rate)
    return float(np.nextafter(highest[allowed], np.inf))


@lru_cache(maxsize=KEPT_CASES)
def _kept_vectors(cases: tuple[tuple[str, str], ...]) -> CaseVectors:
    return CaseVectors(
        case_ids=tuple(case_id for case_id, _ in cases),
        vectors=text_vectors([question_of(text) for _, text in cases]),
    )
