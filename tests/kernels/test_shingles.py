"""Shingles are the runs of words, and what keeps texts apart keeps them apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from preceptor.kernels.jaccard import pair_scores
from preceptor.kernels.shingles import Apart, no_difference, shingle_sets, shingle_texts


def sets_of(texts, num_words=3, apart=None):
    return shingle_sets(shingle_texts(pa.array(texts, pa.large_string()), num_words, apart))


def likeness(one, other, num_words=3):
    return pair_scores(sets_of([one, other], num_words), np.array([0]), np.array([1]))[0]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a b c d e", "a b c d e", 1),
        ("a b c d e", "A, b  C; d\ne!", 1),
        # abc bcd cde against abc bcd cdx: 2 of 4.
        ("a b c d e", "a b c d x", 2 / 4),
        # abc bcd cde against bcd cde def: 2 of 4.
        ("a b c d e", "b c d e f", 2 / 4),
        ("a b c", "c b a", 0),
        # A run that stands twice counts once: abc bca cab against abc bca.
        ("a b c a b c", "a b c a", 2 / 3),
        ("é 退 ü x", "é 退 ü", 1 / 2),
        # Less than three words: runs of five characters of "hello": 1 against 2 of "hello w".
        ("hello", "hello w", 1 / 3),
        ("hello", "HELLO!", 1),
        ("hi", "ho", 0),
        ("👍 👍", "👍👍", 1),
        ("!!!", "???", 0),
    ],
)
def test_likeness_by_hand(one, other, expected):
    assert likeness(one, other) == pytest.approx(expected)


def test_a_run_may_cross_the_end_of_a_part():
    assert likeness("a b\n\x00\nc d", "a b c d") == 1


@pytest.mark.parametrize("text", ["", " \n", "\x00"])
def test_only_a_text_of_white_space_has_no_shingle(text):
    assert len(shingle_texts(pa.array([text], pa.large_string()), 3).hashes) == 0


def test_texts_of_different_tags_share_nothing():
    apart = Apart(np.array([0, 0, 7], np.uint64), np.zeros(3, np.int64))
    sets = sets_of(["a b c d"] * 3, apart=apart)
    assert pair_scores(sets, np.array([0, 0]), np.array([1, 2])).tolist() == [1, 0]


def test_answers_that_change_places_make_another_text():
    texts = [
        "q\n\x00\none two three four\n\x00\nfive six seven eight",
        "q\n\x00\nfive six seven eight\n\x00\none two three four",
    ]
    swapped = sets_of(texts, apart=Apart(np.zeros(2, np.uint64), np.array([2, 2])))
    assert pair_scores(swapped, np.array([0]), np.array([1]))[0] == 0
    assert pair_scores(sets_of(texts), np.array([0]), np.array([1]))[0] > 0.3


def test_short_answers_that_change_places_make_another_text():
    texts = ["q\n\x00\nyes\n\x00\nno", "q\n\x00\nno\n\x00\nyes"]
    swapped = sets_of(texts, 5, Apart(np.zeros(2, np.uint64), np.array([2, 2])))
    assert pair_scores(swapped, np.array([0]), np.array([1]))[0] == 0


def test_the_company_of_a_text_does_not_change_its_shingles():
    texts = ["one two three four", "x", "ﬁve six seven eight", ""]
    together = sets_of(texts, apart=no_difference(4))
    for row, text in enumerate(texts):
        own = together.hashes[together.offsets[row] : together.offsets[row + 1]]
        assert own.tolist() == sets_of([text]).hashes.tolist()
