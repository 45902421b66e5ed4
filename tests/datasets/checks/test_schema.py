"""Schema: every kind of record has its own ways of teaching nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.schema import Schema
from preceptor.datasets.record import with_own_id
from preceptor.datasets.run_checks import find_in
from preceptor.datasets.types import Media, RankedAnswer, Record, SpanLabel, Step
from preceptor.models.types import Message

PROMPT = (Message(role="user", content="2 + 2?"),)
HASH = "a" * 64


def record(kind, **fields) -> Record:
    return with_own_id(Record(**{"id": "", "kind": kind, "messages": PROMPT, **fields}))


def reasons(*records, **settings):
    return [finding.reason for finding in find_in(Schema(**settings), records, CheckContext())]


GOOD = [
    record("ranking", ranked=(RankedAnswer(text="4", rank=1), RankedAnswer(text="5", rank=2))),
    record(
        "ranking", ranked=tuple(RankedAnswer(text=text, rank=rank) for text, rank in (("a", 1), ("b", 1), ("c", 2)))
    ),
    record("binary", completion="4", is_good=False),
    record("scored", completion="4", score=-0.5),
    record("steps", steps=(Step(text="2 + 2", is_good=None), Step(text="= 4", is_good=True))),
    record("spans", spans=(SpanLabel(message=0, start=0, end=6, label="sum"),)),
    record("spans"),
    record("preference", chosen="4", rejected="5", margin=0.0),
    record(
        "spans",
        messages=(Message(role="user", content=""),),
        media=(Media(message=0, at=0, kind="image", sha256=HASH),),
    ),
]


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.kind)
def test_a_whole_record_of_each_kind_passes(good):
    assert reasons(good) == []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record("ranking", ranked=(RankedAnswer(text="4", rank=1),)), "there are no two answers of different ranks, so there is nothing to learn"),
        (replace(GOOD[0], ranked=(RankedAnswer(text="4", rank=0), RankedAnswer(text="5", rank=1))), "ranked[0] has the rank 0; the best has 1"),
        (
            replace(GOOD[0], ranked=(RankedAnswer(text="Four.", rank=1), RankedAnswer(text=" four. ", rank=2))),
            "ranked[1] says the same as another answer of another rank",
        ),
        (replace(GOOD[2], is_good=None), "nobody says whether the answer is good"),
        (replace(GOOD[2], completion=" "), "the answer is empty"),
        (replace(GOOD[3], score=None), "the score is None, which is no number"),
        (replace(GOOD[4], steps=(Step(text="2 + 2"),)), "no step is judged, so there is nothing to learn"),
        (replace(GOOD[4], steps=()), "no step is judged, so there is nothing to learn"),
        (replace(GOOD[4], steps=(Step(text="", is_good=True),)), "steps[0] is empty"),
        (replace(GOOD[5], spans=(SpanLabel(message=0, start=4, end=7, label="x"),)), "spans[0] is 4 to 7 in a text of 6 characters"),
        (replace(GOOD[5], spans=(SpanLabel(message=0, start=2, end=2, label="x"),)), "spans[0] is 2 to 2 in a text of 6 characters"),
        (replace(GOOD[5], spans=(SpanLabel(message=1, start=0, end=1, label="x"),)), "spans[0] lies in messages[1], which is not there"),
        (replace(GOOD[5], spans=(SpanLabel(message=0, start=0, end=1, label=" "),)), "spans[0] has no label"),
        (replace(GOOD[5], spans=(SpanLabel(message=0, start=0, end=1, label="x"),) * 2), "a span stands twice"),
        (replace(GOOD[7], margin=-1.0), "the margin is -1.0; the chosen answer is better by a number from 0"),
        (replace(GOOD[7], score=1.0), "a preference record has no score"),
        (replace(GOOD[3], messages=(*PROMPT, Message(role="assistant", content="4"))), "the prompt ends with an answer already"),
        (replace(GOOD[8], media=(Media(message=0, at=1, kind="image", sha256=HASH),)), "media[0] stands at 1, outside its text"),
        (
            replace(GOOD[8], media=(Media(message=0, at=0, kind="image", sha256="cat.png"),)),
            "media[0] is named by 'cat.png', which is no SHA-256",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_kind_is_named(bad, reason):
    assert reasons(bad) == [reason]


def test_an_sft_record_with_answers_of_its_own_is_torn_between_two_kinds(sft):
    assert reasons(replace(sft("a", "b"), chosen="c", rejected="d")) == [
        "an sft record has no chosen; an sft record has no rejected"
    ]


def test_infinite_scores_and_margins_are_no_numbers():
    """Records from files cannot hold them; those made in Python can."""
    from preceptor.datasets.record_faults import record_faults

    assert list(record_faults(replace(GOOD[3], score=math.inf))) == ["the score is inf, which is no number"]
    assert "margin" in next(record_faults(replace(GOOD[7], margin=math.nan)))


def test_the_separators_of_a_batch_do_not_count_as_characters(sft):
    assert reasons(sft("abc", "de"), max_characters=5) == []
    assert reasons(sft("abc", "def"), max_characters=5) == ["6 characters, at most 5 are allowed"]


def test_a_record_with_a_thousand_faults_has_a_short_reason():
    turns = (Message(role="user", content=""),) * 1000
    (reason,) = reasons(record("sft", messages=turns))
    assert reason.endswith("and 983 more")
    assert len(reason) < 1000
