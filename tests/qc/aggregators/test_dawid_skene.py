"""Good annotators outvote bad ones; what stays undecided is said."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.aggregators.dawid_skene import DawidSkene
from preceptor.qc.types import Label, Unresolved


def answers_of(*rows: tuple[str, str, str]) -> list[ItemAnswer]:
    return [ItemAnswer(item=item, annotator=annotator, value=value) for item, annotator, value in rows]


def test_two_reliable_annotators_outvote_three_who_guess():
    """Ann and Ben agree on 40 items; the three others say x always, so their x means nothing."""
    rows = []
    for number in range(40):
        truth = "x" if number % 2 else "y"
        rows += [(f"q{number}", name, truth) for name in ("ann", "ben")]
        rows += [(f"q{number}", name, "x") for name in ("cy", "dee", "eve")]
    labels = DawidSkene().aggregate(answers_of(*rows))
    assert [label.value for label in labels] == ["y", "x"] * 20
    assert all(label.confidence > 0.9 for label in labels)


def test_two_against_each_other_are_a_tie():
    (result,) = DawidSkene().aggregate(answers_of(("q", "ann", "x"), ("q", "ben", "y")))
    assert isinstance(result, Unresolved)
    assert "tie" in result.reason


def test_low_confidence_stays_unresolved():
    rows = [(f"q{number}", name, value) for number in range(6) for name, value in (("a", "x"), ("b", "xy"[number % 2]))]
    rows += [("q9", "a", "x"), ("q9", "b", "y"), ("q9", "c", "z"), ("q8", "c", "z"), ("q8", "a", "z")]
    results = DawidSkene(minimum_confidence=1.0).aggregate(answers_of(*rows))
    unsure = [result for result in results if isinstance(result, Unresolved)]
    assert all("below 1" in result.reason or "tie" in result.reason for result in unsure)
    assert unsure


def test_replicates_count_each():
    """Ann, right on q1 and q2, says x twice and y once of q0: x; her last answer alone would say y."""
    rows = [("q0", "ann", "x"), ("q0", "ann", "x"), ("q0", "ann", "y")]
    rows += [(item, name, value) for item, value in (("q1", "y"), ("q2", "x")) for name in ("ann", "ben")]
    first, *others = DawidSkene().aggregate(answers_of(*rows))
    assert isinstance(first, Label)
    assert (first.value, first.num_answers) == ("x", 3)
    assert [label.value for label in others] == ["y", "x"]


def test_one_value_only_is_certain():
    (label,) = DawidSkene().aggregate(answers_of(("q", "ann", "x"), ("q", "ben", "x")))
    assert (label.value, label.confidence) == ("x", 1.0)


def test_wrong_setting_is_refused():
    with pytest.raises(InputError, match="minimum_confidence is 2"):
        DawidSkene(minimum_confidence=2)
