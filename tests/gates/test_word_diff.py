"""Changed words are marked, and no word is lost."""

from __future__ import annotations

import pytest

from preceptor.gates.word_diff import word_diff


@pytest.mark.parametrize(
    ("old", "new"),
    [("Refunds take five days.", "Refunds take ten days."), ("a  b\n c", "a b\n c d"), ("same", "same"), ("", "")],
)
def test_the_segments_of_a_side_are_its_whole_text(old, new):
    found = word_diff(old, new)
    assert found is not None
    assert "".join(segment.text for segment in found.baseline) == old
    assert "".join(segment.text for segment in found.candidate) == new


def test_texts_that_hardly_agree_are_not_marked():
    assert word_diff("Certainly, let me look into it", "42") is None


def test_long_texts_are_not_marked():
    assert word_diff("word " * 700, "word " * 700) is None
