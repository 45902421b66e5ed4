"""Words are found again where they stand in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preceptor.datasets.normal_text import words
from preceptor.datasets.word_spans import word_spans


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Where's my order?", ["Where", "s", "my", "order"]),
        ("STRASSE Straße", ["STRASSE", "Straße"]),
        ("ﬁve ½ cafe\u0301!", ["ﬁve", "½", "½", "cafe\u0301"]),
        ("退款ok", ["退", "款", "ok"]),
        ("", []),
    ],
)
def test_each_word_is_cut_from_the_text_as_written(text, pieces):
    """One half is 1 and 2 around a fraction slash in normal form: two words made of one character."""
    found = word_spans(text)
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == pieces


def test_what_cannot_be_mapped_spans_the_whole_text():
    """Single letters of Hangul join into syllables, which no piece of the text makes alone."""
    text = "\u1112\u1161\u11ab ok"
    assert set(zip(word_spans(text).starts, word_spans(text).ends, strict=True)) == {(0, len(text))}


@given(st.text(max_size=40))
def test_any_text_gives_the_words_of_the_normal_form_and_spans_within_it(text):
    found = word_spans(text)
    assert list(found.words) == words(text)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
