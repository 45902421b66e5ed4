"""The most frequent answer wins; ties and thin support do not."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.qc.aggregator import ItemAnswer, aggregators
from preceptor.qc.aggregators.majority_vote import MajorityVote
from preceptor.qc.types import Label, Unresolved


def votes(*values: str) -> list[ItemAnswer]:
    return [ItemAnswer(item="q", annotator=f"a{number}", value=value) for number, value in enumerate(values)]


def test_share_of_the_winner_is_the_confidence():
    assert MajorityVote().aggregate(votes("x", "y", "x", "x")) == [
        Label(item="q", value="x", confidence=0.75, num_answers=4)
    ]


def test_tied_answers_stay_unresolved():
    (result,) = MajorityVote().aggregate(votes("x", "y"))
    assert isinstance(result, Unresolved)
    assert result.reason == "tie: 1 of 2 answers each for 'x', 'y'"


def test_half_is_enough_and_less_is_not():
    assert isinstance(MajorityVote().aggregate(votes("x", "x", "y", "z"))[0], Label)
    (result,) = MajorityVote().aggregate(votes("x", "x", "y", "z", "w"))
    assert isinstance(result, Unresolved)
    assert "less than the share 0.5" in result.reason


def test_minimum_share_can_ask_for_all():
    (result,) = MajorityVote(minimum_share=1.0).aggregate(votes("x", "x", "y"))
    assert isinstance(result, Unresolved)


def test_minimum_answers_are_asked_for():
    (result,) = MajorityVote(minimum_answers=3).aggregate(votes("x", "x"))
    assert result == Unresolved(item="q", reason="2 answers, 3 are asked for", num_answers=2)


@pytest.mark.parametrize("settings", [{"minimum_share": 1.5}, {"minimum_answers": 0}, {"minimum_votes": 3}])
def test_wrong_settings_are_refused(settings):
    with pytest.raises(InputError):
        aggregators.create("majority_vote", settings)
