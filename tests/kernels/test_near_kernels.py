"""Exact comparison, the choice of who is kept, rare shingles and shared runs, against plain Python."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.kernels.indexed_pairs import Ranges, most_like
from preceptor.kernels.jaccard import least_shared, num_shared, pair_scores
from preceptor.kernels.keep_best import KEPT, Meetings, choose, open_choice
from preceptor.kernels.rare_shingles import count_shingles, rare_shingles
from preceptor.kernels.shared_keys import may_be_shared
from preceptor.kernels.shared_run import longest_shared_runs
from preceptor.kernels.shingles import Shingles
from preceptor.kernels.sort_hashes import BUCKETS, MAX_HASHES, sort_hashes
from preceptor.kernels.word_hashes import WordHashes

some_sets = st.lists(st.sets(st.integers(1, 30), max_size=20), min_size=2, max_size=12)


def shingles(sets):
    sizes = [len(one) for one in sets]
    values = [number for one in sets for number in sorted(one)]
    return Shingles(np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), np.array(values, np.uint64))


def jaccard(one, other):
    return len(one & other) / len(one | other) if one | other else 0


@settings(deadline=None)
@given(some_sets)
def test_scores_are_exact(sets):
    left, right = map(np.array, zip(*itertools.combinations(range(len(sets)), 2), strict=True))
    scores = pair_scores(shingles(sets), left, right)
    assert scores.tolist() == pytest.approx([jaccard(sets[a], sets[b]) for a, b in zip(left, right, strict=True)])


@settings(deadline=None)
@given(some_sets, st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_a_comparison_given_up_early_was_below_the_threshold(sets, threshold):
    one, other = (np.array(sorted(some), np.uint64) for some in sets[:2])
    least = least_shared(len(one), len(other), threshold)
    found = num_shared(one, other, least)
    is_like = jaccard(sets[0], sets[1]) >= threshold or not (sets[0] or sets[1])
    assert (found >= 0) == is_like
    assert found in {-1, len(sets[0] & sets[1])}


def plain_choice(sets, order, threshold):
    kept, partners = [], {}
    for one in order:
        likeness = [(jaccard(sets[one], sets[other]), -other) for other in kept]
        best = max(likeness, default=(0, 0))
        if best[0] >= threshold:
            partners[one] = (-best[1], best[0])
        else:
            kept.append(one)
    return partners


@settings(deadline=None)
@given(some_sets, st.sampled_from([0.3, 0.5, 0.8]), st.randoms(use_true_random=False))
def test_the_choice_is_that_of_comparing_each_with_all_kept(sets, threshold, random):
    sets = [one or {31 + place} for place, one in enumerate(sets)]
    order = list(range(len(sets)))
    random.shuffle(order)
    meetings = Meetings(np.arange(len(sets) + 1), np.zeros(len(sets), np.int32))
    choice = open_choice(meetings, 1)
    choose(np.array(order), shingles(sets), meetings, threshold, choice)
    removed = np.flatnonzero(choice.partners != KEPT).tolist()
    found = {row: (int(choice.partners[row]), pytest.approx(float(choice.scores[row]))) for row in removed}
    assert found == plain_choice(sets, order, threshold)


def test_of_a_chain_the_ends_may_stay():
    """Neighbours share 4 of 6, the ends 3 of 7: only the middle goes when an end is first."""
    sets = [{1, 2, 3, 4, 5}, {2, 3, 4, 5, 6}, {3, 4, 5, 6, 7}]
    meetings = Meetings(np.arange(4), np.zeros(3, np.int32))
    choice = open_choice(meetings, 1)
    choose(np.array([0, 1, 2]), shingles(sets), meetings, 0.6, choice)
    assert choice.partners.tolist() == [KEPT, 0, KEPT]


@settings(deadline=None)
@given(some_sets, st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_like_sets_share_a_rare_shingle(sets, threshold):
    """The theorem of the prefix filter (Chaudhuri, Ganti and Kaushik, 2006)."""
    own, rows = shingles(sets), np.arange(len(sets))
    found = rare_shingles(own, rows, count_shingles(own, rows), threshold)
    rare = [set(found.hashes[found.rows == row].tolist()) for row in rows]
    for one, other in itertools.combinations(rows.tolist(), 2):
        if sets[one] and jaccard(sets[one], sets[other]) >= threshold:
            assert rare[one] & rare[other]
        assert len(rare[one]) == (len(sets[one]) - math.ceil(threshold * len(sets[one]) - 1e-9) + 1 if sets[one] else 0)


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 5), max_size=300))
def test_hashes_are_sorted_as_numpy_does(values):
    hashes = np.array(values, np.uint64)
    expected = np.sort(hashes)
    sort_hashes(hashes, np.empty(BUCKETS + 1, np.int64), np.empty(MAX_HASHES, np.uint64))
    assert hashes.tolist() == expected.tolist()


def test_many_hashes_are_sorted_too():
    hashes = np.random.default_rng(1).integers(0, 2**64, MAX_HASHES + 1, np.uint64)
    expected = np.sort(hashes)
    sort_hashes(hashes, np.empty(BUCKETS + 1, np.int64), np.empty(MAX_HASHES, np.uint64))
    assert (hashes == expected).all()


def test_no_shared_key_is_lost_and_most_others_are():
    """8 to 16 slots a key: at most one in eight of the lone keys meets another one in its slot."""
    keys = np.random.default_rng(2).integers(0, 2**64, 20_000, np.uint64)
    keys[:2_000] = keys[2_000:4_000]
    found = may_be_shared(keys)
    assert found[:4_000].all()
    assert found[4_000:].mean() < 1 / 8


words = st.lists(st.integers(0, 4), max_size=25)


@settings(deadline=None)
@given(words, words)
def test_the_longest_shared_run_is_the_longest(one, other):
    """0 ends a part: no run holds it."""
    texts = WordHashes(np.array([0, len(one), len(one) + len(other)]), np.array(one + other, np.uint64))
    found = longest_shared_runs(texts, np.array([0]), np.array([1]))
    start, other_start, length = (int(column[0]) for column in found)
    spans = [one[a:b] for a in range(len(one)) for b in range(a + 1, len(one) + 1) if 0 not in one[a:b]]
    longest = max(
        (len(run) for run in spans if any(other[at : at + len(run)] == run for at in range(len(other)))), default=0
    )
    assert length == longest
    assert one[start : start + length] == other[other_start : other_start + length]


def test_of_an_index_the_most_like_member_is_found():
    asked, indexed = shingles([{1, 2, 3, 4}, {9}]), shingles([{1, 2, 3, 5}, {1, 2, 3, 4}, {1, 2, 3, 4}])
    ranges = Ranges(np.array([1, 0]), np.array([0, 0]), np.array([3, 3]), np.array([0, 1, 2], np.int32))
    found = most_like(ranges, asked, indexed, 0.5)
    assert [column.tolist() for column in found] == [[0], [1], [1.0]]
