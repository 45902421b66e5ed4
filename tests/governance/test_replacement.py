"""Stand-ins keep the places of everything else known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from preceptor.governance.personal_data_pattern import Span
from preceptor.governance.replacement import replace_spans


def test_offsets_of_old_and_new_belong_together():
    replaced = replace_spans("a bb ccc", [Span(2, 4), Span(5, 8)], ["[1]", ""])
    assert replaced.text == "a [1] "
    assert [(moved.old, moved.new) for moved in replaced.moved] == [(Span(2, 4), Span(2, 5)), (Span(5, 8), Span(6, 6))]


def test_a_label_on_a_value_moves_to_its_stand_in():
    replaced = replace_spans("I am Maria Lopez today", [Span(5, 16)], ["Emma Shaw"])
    assert replaced.text[slice(*replaced.span(5, 16))] == "Emma Shaw"
    assert replaced.text[slice(*replaced.span(17, 22))] == "today"


def test_a_label_that_cuts_a_value_grows_to_the_whole():
    replaced = replace_spans("I am Maria Lopez today", [Span(5, 16)], ["Emma Shaw"])
    assert replaced.text[slice(*replaced.span(11, 22))] == "Emma Shaw today"
    assert replaced.text[slice(*replaced.span(0, 8))] == "I am Emma Shaw"


@given(
    st.text(max_size=30), st.sets(st.integers(0, 30), max_size=6), st.lists(st.text(max_size=4), min_size=3, max_size=3)
)
def test_what_is_not_replaced_stays(text, cuts, values):
    places = sorted(cut for cut in cuts if cut <= len(text))
    spans = [Span(*pair) for pair in zip(places[::2], places[1::2], strict=False)]
    replaced = replace_spans(text, spans, values[: len(spans)])
    for moved, value in zip(replaced.moved, values, strict=False):
        assert replaced.text[slice(*moved.new)] == value
    left = text
    for span in reversed(spans):
        left = left[: span.start] + left[span.end :]
    kept = replaced.text
    for moved in reversed(replaced.moved):
        kept = kept[: moved.new.start] + kept[moved.new.end :]
    assert kept == left
