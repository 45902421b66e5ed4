"""The coverage map of suites."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.core.ids import plain
from preceptor.evals.goals import coverage_map
from preceptor.evals.types import CoveredGoal, EvalCase, Suite
from preceptor.models.types import Message


def case(name: str, goals: tuple[str, ...] = (), slices: tuple[str, ...] = ()) -> EvalCase:
    return EvalCase(id=name, messages=(Message(role="user", content="?"),), goals=goals, slices=slices)


GOLDEN = Suite(
    name="golden",
    cases=(case("a", ("honest", "kind"), ("intent=billing",)), case("b", ("honest",), ("intent=billing", "locale=de"))),
    graders={},
    primary="m",
    goals={"honest": "says what it knows", "kind": "is polite", "brief": "is short"},
)
ATTACK = Suite(
    name="attack",
    cases=(case("a", ("honest",), ("intent=login",)), case("c")),
    graders={},
    primary="m",
    purpose="adversarial",
    goals={"honest": "says what it knows"},
)


def test_goals_and_intents_are_counted_by_purpose_and_uncovered_ones_listed():
    found = coverage_map([GOLDEN, ATTACK])
    assert found.goals == (
        CoveredGoal(
            name="honest", meaning="says what it knows", num_cases=3, by_purpose={"adversarial": 1, "golden": 2}
        ),
        CoveredGoal(name="kind", meaning="is polite", num_cases=1, by_purpose={"golden": 1}),
        CoveredGoal(name="brief", meaning="is short", num_cases=0, by_purpose={}),
    )
    assert found.uncovered == ("brief",)
    assert found.by_intent == {"billing": {"golden": 2}, "login": {"adversarial": 1}}
    assert found.without_goal == ("attack/c",)
    assert found.cases[1].intents == ("billing",)
    assert json.loads(json.dumps(plain(found)))["uncovered"] == ["brief"]


def test_one_goal_with_two_meanings_is_refused():
    other = Suite(name="other", cases=(case("a"),), graders={}, primary="m", goals={"kind": "never rude"})
    with pytest.raises(InputError, match="'kind' means 'never rude'"):
        coverage_map([GOLDEN, other])
