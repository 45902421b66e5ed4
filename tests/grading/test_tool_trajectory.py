"""Trajectories; each expected value follows from the docstring by hand."""

from __future__ import annotations

import itertools
import json
import random
import time

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.tool_trajectory import ToolTrajectory
from preceptor.grading.subsequence import longest_common
from preceptor.grading.types import Sample
from preceptor.models.types import Message, ToolCall


def turns(*calls, results=()):
    """One turn of the model for each call: a tool's name, or a name and its arguments."""
    made = []
    for number, call in enumerate(calls):
        name, arguments = call if isinstance(call, tuple) else (call, {})
        tool_call = ToolCall(id=f"c{number}", name=name, arguments=json.dumps(arguments))
        made.append(Message(role="assistant", content="", tool_calls=(tool_call,)))
        if number < len(results):
            made.append(Message(role="tool", content=results[number], tool_call_id=f"c{number}"))
    return tuple(made)


def grade(made, target=None, results=(), **settings):
    return ToolTrajectory(**settings).grade(Sample(output="", transcript=turns(*made, results=results), target=target))


@pytest.mark.parametrize(
    ("mode", "made", "value", "precision", "recall"),
    [
        ("exact", "abc", 1.0, 1.0, 1.0),
        ("exact", "abxc", 0.0, 3 / 4, 1.0),
        ("exact", "acb", 0.0, 2 / 3, 2 / 3),
        ("exact", "", 0.0, None, 0.0),
        ("in_order", "xaybzc", 1.0, 1 / 2, 1.0),
        ("in_order", "cab", 0.0, 2 / 3, 2 / 3),
        ("any_order", "cxba", 1.0, 3 / 4, 1.0),
        ("any_order", "aab", 0.0, 2 / 3, 2 / 3),
    ],
)
def test_modes(mode, made, value, precision, recall):
    score = grade(made, list("abc"), mode=mode)
    assert score.value == value
    assert score.dimensions == {"precision": precision, "recall": recall, "tool_success": None}


def test_a_wanted_call_may_say_its_arguments():
    target = ["find", {"name": "pay", "arguments": {"amount": 5}}]
    assert grade(["find", ("pay", {"amount": 5.0})], target).value == 1.0
    score = grade(["find", ("pay", {"amount": 6})], target)
    assert (score.value, score.reason) == (0.0, "1 of 2 wanted calls not made in its place, first 'pay'")


def test_an_empty_trajectory_wants_no_call():
    assert grade([], [], mode="exact").value == 1.0
    assert grade(["a"], [], mode="exact").reason == "1 calls too many, first 'a'"


def test_forbidden():
    score = grade(["a", "refund"], mode="free", forbidden=("refund", "delete"))
    assert (score.value, score.reason) == (0.0, "'refund' is forbidden and was called")


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (["get_user", "refund"], 1.0),
        (["refund", "get_user"], 0.0),
        (["refund"], 0.0),
        (["get_user"], 1.0),
        ([], 1.0),
        (["get_user", "refund", "refund"], 1.0),
        (["get_user", "notify"], 0.0),
        (["get_user", "refund", "notify"], 1.0),
    ],
)
def test_before(made, value):
    assert grade(made, mode="free", before=(("get_user", "refund", "notify"),)).value == value


def test_loops_are_the_same_call_with_the_same_arguments():
    made = [("get", {"a": 1, "b": 2}), ("get", {"b": 2, "a": 1}), ("get", {"a": 2})]
    assert grade(made, mode="free", max_repeats=2).value == 1.0
    score = grade(made, mode="free", max_repeats=1)
    assert (score.value, score.reason) == (
        0.0,
        "'get' called 2 times with the same arguments, at most 1 allowed",
    )


def test_tool_errors():
    results = ["Error: no such user", "ok", "an error-free day", " ERROR"]
    score = grade("abcd", mode="free", max_tool_errors=1, results=results)
    assert (score.value, score.reason) == (0.0, "2 tool errors, at most 1 allowed")
    assert score.dimensions["tool_success"] == 0.5


def test_max_calls_of_zero_wants_none():
    assert grade([], mode="free", max_calls=0).value == 1.0
    assert grade(["a"], mode="free", max_calls=0).value == 0.0


def test_every_broken_rule_is_said():
    score = grade("xx", ["a"], forbidden=("x",), max_calls=1, max_repeats=1)
    assert len(score.reason.split("; ")) == 4


@pytest.mark.parametrize("target", [None, 5, [{}]])
def test_no_usable_target_is_no_score(target):
    assert grade("a", target).value is None


def test_too_many_calls_are_no_score_and_the_most_end_soon():
    assert grade("a" * 501, ["a"]).value is None
    start = time.process_time()
    assert grade("a" * 500, ["a"] * 500, mode="exact").value == 1.0
    assert time.process_time() - start < 6


def test_arguments_with_half_a_character_are_no_crash():
    made = Message(role="assistant", content="", tool_calls=(ToolCall(id="c", name="a", arguments='{"x": "\\ud800"}'),))
    assert ToolTrajectory(mode="free", max_repeats=1).grade(Sample(output="", transcript=(made,))).value == 1.0


def test_wrong_settings_are_refused():
    with pytest.raises(InputError, match="two tools or more"):
        ToolTrajectory(before=(("a",),))
    with pytest.raises(InputError, match="max_calls is -1"):
        ToolTrajectory(max_calls=-1)


def test_the_longest_forward_pairing_is_as_long_as_the_best_of_all():
    rng = random.Random(3)  # noqa: S311 - a simulation with a fixed seed, nothing secret
    for _ in range(200):
        n, m = rng.randint(0, 5), rng.randint(0, 5)
        fits = [[j for j in range(m) if rng.random() < 0.5] for _ in range(n)]
        best = max(
            k
            for k in range(min(n, m) + 1)
            for rows in itertools.combinations(range(n), k)
            for columns in itertools.combinations(range(m), k)
            if all(j in fits[i] for i, j in zip(rows, columns, strict=True))
        )
        pairs = longest_common(fits)
        assert len(pairs) == best
        assert list(pairs.values()) == sorted(set(pairs.values()))
        assert all(j in fits[i] for i, j in pairs.items())


WRITES = {
    "book_reservation",
    "cancel_reservation",
    "send_certificate",
    "update_reservation_baggages",
    "update_reservation_flights",
    "update_reservation_passengers",
}


def transcript_of(row):
    return tuple(
        Message(
            role=turn["role"],
            content=turn["content"] or "",
            tool_calls=tuple(
                ToolCall(id=call["id"], name=call["function"]["name"], arguments=call["function"]["arguments"])
                for call in turn.get("tool_calls") or ()
            ),
        )
        for turn in row["traj"]
    )


@pytest.fixture(scope="module")
def airline(shared_data):
    return json.loads((shared_data / "tau_bench_airline_gpt4o" / "gpt-4o-airline.json").read_text())


@pytest.mark.shared_data
def test_tau_bench_counts(airline):
    """200 conversations hold 1,164 tool calls (SOURCE.md); tool errors are the answers that start with `Error`."""
    grader = ToolTrajectory(mode="free")
    details = [grader.grade(Sample(output="", transcript=transcript_of(row))).details for row in airline]
    errors = sum(
        turn["role"] == "tool" and turn["content"].startswith("Error") for row in airline for turn in row["traj"]
    )
    assert len(details) == 200
    assert sum(one["num_calls"] for one in details) == 1164
    assert sum(one["num_tool_errors"] for one in details) == errors > 0


@pytest.mark.shared_data
def test_tau_bench_rewarded_conversations_made_the_gold_writes(airline):
    """The reward compares the database after the conversation with the one after the gold actions.

    So a rewarded conversation has made each gold write, up to arguments that leave the same database
    behind; an unrewarded one whose task wants writes mostly lacks one.
    """
    grader = ToolTrajectory(mode="any_order", strings="folded")
    made = {True: [], False: []}
    for row in airline:
        gold = [
            {"name": action["name"], "arguments": action["kwargs"]}
            for action in row["info"]["task"]["actions"]
            if action["name"] in WRITES
        ]
        if gold:
            score = grader.grade(Sample(output="", transcript=transcript_of(row), target=gold))
            made[row["reward"] == 1.0].append(score.value)
    rewarded, unrewarded = (sum(values) / len(values) for values in (made[True], made[False]))
    print(f"gold writes made: rewarded {rewarded:.3f} of {len(made[True])}, not {unrewarded:.3f} of {len(made[False])}")  # noqa: T201 - the figures are the evidence
    assert rewarded > 0.9
    assert unrewarded < 0.2
