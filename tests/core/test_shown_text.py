"""Hidden characters show; what people write stays as it is."""

from __future__ import annotations

import pytest

from preceptor.core.shown_text import clip, visible


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x00", "\\u0000"),
        ("\x1b[31m", "\\u001b[31m"),
        ("\u202e", "\\u202e"),
        ("\u200b", "\\u200b"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("a\rb", "a\\u000db"),
    ],
    ids=["nul", "escape", "right-to-left", "zero-width", "lone-surrogate", "tag", "carriage-return"],
)
def test_a_hidden_character_is_written_out(hidden, shown):
    assert visible(hidden) == shown


@pytest.mark.parametrize("text", ["plain", "línea\n\ttab", "日本語", "👩\u200d🚀", "क्\u200cष"])
def test_what_people_write_stays(text):
    assert visible(text) == text


def test_windows_line_ends_become_line_ends():
    assert visible("é\r\nb") == "é\nb"


def test_a_clipped_text_loses_nothing_up_to_the_limit():
    text = clip("x" * 700, shown=600, kept=8_000)
    assert (len(text.start), len(text.rest), text.num_left_out) == (600, 100, 0)
