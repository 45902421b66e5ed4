"""The compiled words are those of `normal_text.words`, whatever the text holds."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from preceptor.datasets import normal_text
from preceptor.datasets.normal_text import words
from preceptor.kernels import character_classes
from preceptor.kernels.word_hashes import PART_END, word_hashes, word_places

# Capitals, marks that join, compatible forms, unspaced scripts, Hangul parts, white space of all sorts.
ODD = "abcXYZ_09 .,\n\t\u00e9É\u0301ﬁ退ク・ｶﾞ한ᅡ각ßİıſ\u00a0…²ªK\u2126\u0345Ǆ\U0001d400\U00020000😀\x1c\x85Åﬀ\u0e33ाक"
texts = st.lists(st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=40))


def arrow(values):
    return pa.array(values, pa.large_string())


def hashes_of(text):
    return word_hashes(arrow([text])).hashes.tolist()


@settings(max_examples=300, deadline=None)
@given(texts)
@example(["İstanbul ﬁn", "a\u0301b", "退款ok", "\U00020000x", "", "…"])
def test_words_are_those_of_the_plain_python(values):
    found = word_hashes(arrow(values))
    for row, text in enumerate(values):
        hashed = [number for number in found.hashes[found.offsets[row] : found.offsets[row + 1]] if number != PART_END]
        expected = [hashes_of(word) for word in words(text)]
        assert [[number] for number in hashed] == expected


@settings(max_examples=200, deadline=None)
@given(texts)
def test_each_place_holds_its_word(values):
    found = word_places(arrow(values))
    for row, text in enumerate(values):
        for at in range(found.words.offsets[row], found.words.offsets[row + 1]):
            start, end = found.starts[at], found.ends[at]
            if start >= 0 and found.words.hashes[at] != PART_END:
                assert hashes_of(text[start:end]) == [found.words.hashes[at]]


def test_a_place_counts_characters_not_bytes():
    """`é` is two bytes, `退` three."""
    found = word_places(arrow(["é 退! Ok"]))
    assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == [(0, 1), (2, 3), (5, 7)]


def test_parts_are_kept_apart():
    found = word_hashes(arrow(["one\n\x00\ntwo", "\x00\x00"]))
    assert found.offsets.tolist() == [0, 3, 5]
    assert (found.hashes == PART_END).tolist() == [False, True, False, True, True]


@pytest.mark.parametrize("values", [[], [""], [None, "a"], ["", "a", ""]])
def test_empty_texts_have_no_words(values):
    found = word_hashes(arrow(values))
    assert len(found.offsets) == len(values) + 1
    assert len(found.hashes) == values.count("a")


def test_a_slice_of_a_column_gives_its_own_words():
    whole = arrow(["a b", "c", "d é"])
    assert word_hashes(whole[1:]).hashes.tolist() == word_hashes(arrow(["c", "d é"])).hashes.tolist()


def test_both_halves_know_the_same_unspaced_scripts():
    """Kernels may not import the datasets, so the ranges stand twice."""
    assert character_classes._UNSPACED == normal_text._UNSPACED
