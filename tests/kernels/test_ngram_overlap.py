"""The compiled scan counts what a plain loop over sets of runs counts."""

from __future__ import annotations

import numpy as np
import pytest

from preceptor.kernels.ngram_overlap import shared_runs
from preceptor.kernels.ngram_runs import parts_of, runs_of
from preceptor.kernels.ngram_table import make_table, run_number
from preceptor.kernels.word_hashes import PART_END, stirred


def words_of(texts):
    """The texts (lists of small numbers, 0 ends a part) as offsets and word hashes."""
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    hashes = [int(PART_END) if one == 0 else int(stirred(np.uint64(one))) for text in texts for one in text]
    return offsets, np.array(hashes, np.uint64)


def table_of(texts, num_words):
    found = runs_of(*words_of(texts), num_words)
    pairs = sorted(set(zip(found.hashes.tolist(), found.texts.tolist(), strict=True)))
    hashes, holders = zip(*pairs, strict=True) if pairs else ((), ())
    return make_table(np.array(hashes, np.uint64), np.array(holders, np.int32), len(texts))


def plain_runs(text, num_words):
    runs, part = set(), []
    for one in [*text, 0]:
        if one:
            part.append(one)
            continue
        runs |= {tuple(part[start : start + num_words]) for start in range(len(part) - num_words + 1)}
        part = []
    return runs


@pytest.mark.parametrize("num_words", [1, 2, 3, 8])
def test_the_scan_agrees_with_sets_of_runs(num_words):
    """200 texts of four different words against 60, so that runs repeat, overlap and are shared by many."""
    rng = np.random.default_rng(num_words)
    indexed = [rng.integers(5, size=rng.integers(20)).tolist() for _ in range(60)]
    texts = [rng.integers(5, size=rng.integers(60)).tolist() for _ in range(200)]
    expected = set()
    for row, text in enumerate(texts):
        for holder, other in enumerate(indexed):
            own = plain_runs(other, num_words)
            shared = len(own & plain_runs(text, num_words))
            if shared and shared / len(own) >= 0.3:
                expected.add((row, holder, shared))
    found = shared_runs(*words_of(texts), num_words, table_of(indexed, num_words), 0.3)
    assert set(zip(*(column.tolist() for column in found), strict=True)) == expected
    assert found.rows.tolist() == sorted(found.rows.tolist())
    assert len(found.rows) == len(expected)


def test_a_run_does_not_cross_the_end_of_a_part():
    table = table_of([[1, 2, 3, 4]], 2)
    found = shared_runs(*words_of([[1, 2, 0, 3, 4]]), 2, table, 0.1)
    assert found.counts.tolist() == [2]


def test_nothing_is_found_in_nothing():
    for texts in ([], [[]], [[0]]):
        assert shared_runs(*words_of(texts), 2, table_of([[1, 2, 3]], 2), 0.1).rows.tolist() == []
        assert shared_runs(*words_of([[1, 2, 3]]), 2, table_of(texts, 2), 0.1).rows.tolist() == []


def test_runs_say_where_they_begin():
    """Positions count words only, so that they fit the words of the text without its separators."""
    runs = runs_of(*words_of([[1, 2, 0, 3, 4, 5], [6, 7]]), 2)
    assert list(zip(runs.texts.tolist(), runs.starts.tolist(), strict=True)) == [(0, 0), (0, 2), (0, 3), (1, 0)]


def test_parts_of_equal_words_have_equal_hashes_and_empty_ones_none():
    parts = parts_of(*words_of([[0, 1, 2, 0, 0], [1, 2], [2, 1]]))
    assert parts.texts.tolist() == [0, 1, 2]
    assert parts.hashes[0] == parts.hashes[1] != parts.hashes[2]


def test_the_table_finds_every_run_however_its_slots_collide():
    """Keys that share their low bits want the same slot, one after the other."""
    hashes = np.array([(number << 40) | 5 for number in range(1, 200)], np.uint64)
    table = make_table(hashes, np.zeros(len(hashes), np.int32), 1)
    numbers = [run_number(one, table.marks, table.keys, table.numbers) for one in hashes]
    assert sorted(numbers) == list(range(199))
    assert run_number(np.uint64(5), table.marks, table.keys, table.numbers) == -1
    assert table.sizes.tolist() == [199]
