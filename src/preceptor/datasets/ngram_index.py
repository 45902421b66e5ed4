"""Which of many eval cases stand in a record, whole or in part, found by the runs of words they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.datasets.case_overlap import CaseRuns, Overlap, Stretch, run_overlap, whole_overlap
from preceptor.datasets.normal_text import words
from preceptor.datasets.text_words import PART_END, text_words
from preceptor.kernels.ngram_overlap import shared_runs
from preceptor.kernels.ngram_runs import Runs, parts_of, runs_of
from preceptor.kernels.ngram_stretches import Pairs, shared_stretches
from preceptor.kernels.ngram_table import RunTable, make_table
from preceptor.kernels.word_hashes import WordHashes, word_hashes

MIN_BOILERPLATE_CASES = 3
KEPT_INDEXES = 2


class RowOverlaps(NamedTuple):
    """The cases found in the text at place `row`, most contained first, ties in order of id."""

    row: int
    overlaps: list[Overlap]


@dataclass(frozen=True, kw_only=True)
class NgramIndex:
    """Eval cases by their runs of `num_words` words; made by `build_index`, can be sent to another process.

    `starts` are the words of the case at which each holder in the table has the run. `whole` are the
    cases that are compared whole, by the hash of all their words.
    """

    num_words: int
    case_ids: Sequence[str]
    case_texts: Sequence[str]
    table: RunTable
    starts: NDArray[np.int32]
    whole: Mapping[int, Sequence[int]]

    def overlaps(self, texts: pa.LargeStringArray, min_containment: float) -> Iterator[RowOverlaps]:
        """The texts with a case in them, in order; parts of a text are separated by NUL, and no run crosses one.

        Containment is the share of the case's own runs that stand in any of the parts; a case that is
        compared whole has 1 when a part equals it. The compiled scan only proposes: each finding is
        then compared word for word, so that no two runs of equal hash make one.
        """
        hashed = word_hashes(texts)
        proposed: dict[int, list[Overlap]] = defaultdict(list)
        cases: dict[int, CaseRuns] = {}
        for row, found in chain(
            self._run_overlaps(texts, hashed, min_containment, cases), self._whole_overlaps(texts, hashed, cases)
        ):
            if found is not None and found.containment >= min_containment:
                proposed[row].append(found)
        for row in sorted(proposed):
            yield RowOverlaps(row, sorted(proposed[row], key=lambda one: (-one.containment, one.case_id)))

    def _run_overlaps(
        self, texts: pa.LargeStringArray, hashed: WordHashes, min_containment: float, cases: dict[int, CaseRuns]
    ) -> Iterator[tuple[int, Overlap | None]]:
        shared = shared_runs(hashed.offsets, hashed.hashes, self.num_words, self.table, min_containment)
        if not len(shared.rows):
            return
        found = shared_stretches(hashed, self.num_words, self.table, self.starts, Pairs(shared.rows, shared.holders))
        stretches: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
        for row, case, *stretch in zip(*(column.tolist() for column in found), strict=True):
            stretches[row, case].append(Stretch(*stretch))
        rows = np.unique(shared.rows)
        records = dict(zip(rows.tolist(), text_words(texts.take(pa.array(rows))), strict=True))
        for (row, case), some in stretches.items():
            yield row, run_overlap(records[row], self._case(case, cases), some)

    def _whole_overlaps(
        self, texts: pa.LargeStringArray, hashed: WordHashes, cases: dict[int, CaseRuns]
    ) -> Iterator[tuple[int, Overlap | None]]:
        if not self.whole:
            return
        parts = parts_of(hashed.offsets, hashed.hashes)
        known = np.isin(parts.hashes, np.fromiter(self.whole, np.uint64, len(self.whole)))
        # A record may hold a case in several parts.
        pairs = dict.fromkeys(
            (row, case)
            for row, whole in zip(parts.texts[known].tolist(), parts.hashes[known].tolist(), strict=True)
            for case in self.whole[whole]
        )
        for row, case in pairs:
            yield row, whole_overlap(texts[row].as_py(), self._case(case, cases))

    def _case(self, case: int, cases: dict[int, CaseRuns]) -> CaseRuns:
        if case not in cases:
            size = int(self.table.sizes[case])
            cases[case] = CaseRuns(self.case_ids[case], words(self.case_texts[case]), self.num_words, size)
        return cases[case]


def index_for(cases: Mapping[str, str], num_words: int, boilerplate_share: float) -> NgramIndex:
    """As `build_index`, but the index over the same cases is built once in a process."""
    return _kept_index(tuple(cases.items()), num_words, boilerplate_share)


@lru_cache(maxsize=KEPT_INDEXES)
def _kept_index(cases: tuple[tuple[str, str], ...], num_words: int, boilerplate_share: float) -> NgramIndex:
    return build_index(dict(cases), num_words, boilerplate_share)


def build_index(cases: Mapping[str, str], num_words: int, boilerplate_share: float) -> NgramIndex:
    """The index over the cases' texts by id.

    A run that stands in more than `boilerplate_share` of the cases (and in more than 3) is a
    phrase of the collection, such as an instruction that opens every question: it tells nothing
    and is left out. A case with no run of its own, because it is shorter than `num_words` or all
    boilerplate, is compared whole.
    """
    texts = tuple(cases.values())
    hashed = word_hashes(pa.array(texts, pa.large_string()))
    most = max(MIN_BOILERPLATE_CASES, boilerplate_share * len(texts))
    own = _own_runs(runs_of(hashed.offsets, hashed.hashes, num_words), most)
    table = make_table(own.hashes, own.texts, len(texts))
    return NgramIndex(
        num_words=num_words,
        case_ids=tuple(cases),
        case_texts=texts,
        table=table,
        starts=own.starts,
        whole=_by_whole_text(texts, np.flatnonzero(table.sizes == 0).tolist()),
    )


def _own_runs(runs: Runs, most: float) -> Runs:
    """Each run of a case once, where it first begins, without those that more than `most` cases hold.

    In order of hash and case, as the table keeps them.
    """
    order = np.lexsort((runs.starts, runs.texts, runs.hashes))
    hashes, texts, starts = runs.hashes[order], runs.texts[order], runs.starts[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (hashes[1:] != hashes[:-1]) | (texts[1:] != texts[:-1])
    hashes, texts, starts = hashes[is_first], texts[is_first], starts[is_first]
    _, run, num_cases = np.unique(hashes, return_inverse=True, return_counts=True)
    is_own = num_cases[run] <= most
    return Runs(hashes[is_own], texts[is_own], starts[is_own])


def _by_whole_text(texts: Sequence[str], cases: Sequence[int]) -> dict[int, list[int]]:
    """These cases by the hash of all their words; one without words is in no text."""
    joined = pa.array([texts[case].replace(PART_END, " ") for case in cases], pa.large_string())
    hashed = word_hashes(joined)
    parts = parts_of(hashed.offsets, hashed.hashes)
    by_hash: dict[int, list[int]] = defaultdict(list)
    for whole, place in zip(parts.hashes.tolist(), parts.texts.tolist(), strict=True):
        by_hash[whole].append(cases[place])
    return dict(by_hash)
