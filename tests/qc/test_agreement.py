"""Agreement counts what it rests on, reads each level's values, and takes any question type's distance."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.labeling.question_types.choice import Choice
from preceptor.labeling.question_types.rating import Rating
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.agreement import measure_agreement, scale_of

# Krippendorff's example; see tests/stats/test_agreement.py.
ROWS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . .",
    ". 3 3 3 2 3 4 2 2 5 1 3",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
ANSWERS = [
    ItemAnswer(item=f"unit{unit}", annotator=f"observer{observer}", value=None if cell == "." else int(cell))
    for observer, row in enumerate(ROWS)
    for unit, cell in enumerate(row.split())
]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_levels_give_the_published_alphas(scale, expected):
    agreement = measure_agreement(ANSWERS, scale=scale)
    assert agreement.coefficient == "krippendorff_alpha"
    assert agreement.value == pytest.approx(expected, abs=5e-7)
    assert agreement.interval.low < agreement.value < agreement.interval.high
    assert (agreement.num_items, agreement.num_annotators, agreement.num_answers) == (12, 4, 41)
    assert "4 annotators" in agreement.reason


def test_question_type_brings_its_scale():
    rating = Rating(minimum=1, maximum=5)
    assert measure_agreement(ANSWERS, scale=scale_of(rating)).value == pytest.approx(0.815388, abs=5e-7)
    spaced = Rating(minimum=1, maximum=5, level="interval")
    assert measure_agreement(ANSWERS, scale=scale_of(spaced)).value == pytest.approx(0.849107, abs=5e-7)
    assert measure_agreement(ANSWERS, scale=spaced.distance).value == pytest.approx(0.849107, abs=5e-7)
    choice = Choice(options=("1", "2", "3", "4", "5"))
    assert measure_agreement(ANSWERS, scale=scale_of(choice)).value == pytest.approx(0.743421, abs=5e-7)


def test_repeated_equal_answer_counts_once():
    assert measure_agreement([*ANSWERS, ANSWERS[0]], scale="nominal") == measure_agreement(ANSWERS, scale="nominal")


def test_contradicting_answers_of_one_annotator_are_refused():
    other = ItemAnswer(item="unit0", annotator="observer0", value=3)
    with pytest.raises(InputError, match="'observer0' answered item 'unit0'"):
        measure_agreement([*ANSWERS, other], scale="nominal")


def test_one_value_only_has_no_value_but_a_reason():
    same = [ItemAnswer(item=item, annotator=name, value="ok") for item in "abc" for name in "xy"]
    agreement = measure_agreement(same, scale="nominal")
    assert (agreement.value, agreement.interval) == (None, None)
    assert "the same" in agreement.reason
    assert agreement.num_answers == 6


def test_no_answers_have_no_value_but_a_reason():
    agreement = measure_agreement([], scale="interval")
    assert (agreement.value, agreement.num_items) == (None, 0)
    assert agreement.reason


@pytest.mark.parametrize("value", ["high", True, float("inf")])
def test_what_is_no_number_is_refused_on_a_number_scale(value):
    answers = [ItemAnswer(item="q", annotator=name, value=value) for name in "ab"]
    with pytest.raises(InputError, match="level nominal|not finite"):
        measure_agreement(answers, scale="interval")


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_confidence_is_a_share(confidence):
    with pytest.raises(InputError, match="confidence"):
        measure_agreement(ANSWERS, scale="nominal", confidence=confidence)


@pytest.mark.shared_data
def test_pandalm_agreement(shared_data):
    """Alpha .8642 (SOURCE.md)."""
    rows = json.loads((shared_data / "pandalm_testset" / "testset-v1.json").read_text())
    answers = [
        ItemAnswer(item=str(row["idx"]), annotator=str(number), value=row[f"annotator{number}"])
        for row in rows
        for number in (1, 2, 3)
    ]
    agreement = measure_agreement(answers, scale="nominal")
    assert agreement.value == pytest.approx(0.8642, abs=5e-5)
    assert agreement.num_items == 999
