"""Records of one prompt are paired: the same text under another label is a flip, the rest has another answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.datasets.diff_pairs import flips_of, keys_of, pair
from preceptor.datasets.record import make_record, with_own_id
from preceptor.datasets.types import RankedAnswer, SpanLabel, Step
from preceptor.models.types import Message

PROMPT = (Message(role="user", content="Which one?"),)


def record(kind, **judged):
    return with_own_id(replace(make_record(kind, PROMPT), **judged))


def ranked(*ranks):
    return tuple(RankedAnswer(text=text, rank=rank) for text, rank in zip("ab", ranks, strict=True))


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("is_good", record("binary", completion="a", is_good=True), record("binary", completion="a", is_good=False)),
        ("score", record("scored", completion="a", score=0.1), record("scored", completion="a", score=0.9)),
        ("ranked", record("ranking", ranked=ranked(1, 2)), record("ranking", ranked=ranked(2, 1))),
        (
            "steps",
            record("steps", steps=(Step(text="s", is_good=True),)),
            record("steps", steps=(Step(text="s", is_good=False),)),
        ),
        (
            "spans",
            record("spans", spans=(SpanLabel(message=0, start=0, end=5, label="x"),)),
            record("spans", spans=(SpanLabel(message=0, start=0, end=5, label="y"),)),
        ),
    ],
)
def test_another_judgement_of_the_same_text_is_a_flip(field, before, after):
    pairs = pair(keys_of([before]), keys_of([after]))
    assert pairs.flipped == [(before.id, after.id)]
    assert pairs.changed == []
    assert [flip.field for flip in flips_of(before, after, ())] == [field]


def test_another_text_is_another_answer():
    before, after = record("binary", completion="a", is_good=True), record("binary", completion="b", is_good=False)
    pairs = pair(keys_of([before]), keys_of([after]))
    assert (pairs.changed, pairs.flipped) == ([(before.id, after.id)], [])


def test_flips_are_paired_before_other_answers():
    """Of three answers that went and two that came, the one of equal text is the flip whatever the order of ids."""
    olds = [record("binary", completion=text, is_good=True) for text in "abc"]
    news = [record("binary", completion=text, is_good=False) for text in "bx"]
    pairs = pair(keys_of(olds), keys_of(news))
    assert pairs.flipped == [(olds[1].id, news[0].id)]
    assert pairs.changed == [(min(olds[0].id, olds[2].id), news[1].id)]


def test_kinds_and_other_prompts_are_not_paired():
    other = with_own_id(replace(record("binary", completion="a"), messages=(Message(role="user", content="Else?"),)))
    assert pair(keys_of([record("scored", completion="a", score=1.0)]), keys_of([other])).changed == []
    assert pair(keys_of([]), keys_of([other])).changed == []
