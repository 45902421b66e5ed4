"""A short excerpt shows where two answers part."""

from __future__ import annotations

from preceptor.gates.answer_excerpt import answer_excerpt


def test_short_answers_are_whole():
    assert answer_excerpt("old", "new", 10) == ("old", "new")


def test_the_excerpt_begins_sixty_characters_before_the_difference():
    same = "".join(chr(97 + place % 26) for place in range(500))
    found = answer_excerpt(f"{same}OLD{'x' * 500}", f"{same}NEW", 200)
    assert found.baseline == f"…{same[440:]}OLD{'x' * 137}…"
    assert found.candidate == f"…{same[440:]}NEW"


def test_equal_long_answers_show_their_start():
    assert answer_excerpt("a" * 50, "a" * 50, 10) == ("a" * 10 + "…", "a" * 10 + "…")
