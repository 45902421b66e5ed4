"""Similarity of short texts by runs of words."""

from __future__ import annotations

from preceptor.synthesis.nearness import Nearest, SeenTexts


def test_by_hand():
    """'a b c d' has the runs abc, bcd; 'b c d e' bcd, cde: one of three."""
    seen = SeenTexts()
    seen.add("one", "a b c d")
    assert seen.nearest("B, c d e") == Nearest("one", 1 / 3)


def test_nothing_shared_is_nothing_near():
    seen = SeenTexts()
    seen.add("one", "a b c d")
    assert seen.nearest("x y z") is None
    assert seen.nearest("") is None


def test_texts_shorter_than_a_run_are_compared_whole():
    seen = SeenTexts()
    seen.add("one", "Hi there")
    assert seen.nearest("hi, THERE") == Nearest("one", 1.0)


def test_ties_go_to_the_smaller_id():
    seen = SeenTexts()
    seen.add("b", "a b c")
    seen.add("a", "a b c")
    assert seen.nearest("a b c") == Nearest("a", 1.0)
