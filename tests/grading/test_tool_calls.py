"""Tool calls against the wanted ones; every expected value follows from the docstring by hand."""

from __future__ import annotations

import json
import time

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.tool_calls import ToolCalls
from preceptor.grading.types import Sample
from preceptor.models.types import Message, Tool, ToolCall

TOOL = Tool(
    name="book",
    parameters={
        "type": "object",
        "properties": {
            "seats": {"type": "integer"},
            "price": {"type": "number"},
            "class": {"type": "string"},
            "names": {"type": "array", "items": {"type": "string"}},
            "is_refundable": {"type": "boolean"},
            "payer": {"type": "object", "properties": {"zip": {"type": "string"}}, "required": ["zip"]},
        },
        "required": ["seats"],
    },
)


def turn(*calls):
    made = tuple(ToolCall(id=f"c{n}", name=name, arguments=json.dumps(args)) for n, (name, args) in enumerate(calls))
    return Message(role="assistant", content="", tool_calls=made)


def grade(made, target, **settings):
    sample = Sample(output="", transcript=(turn(*made),), target=target, tools=(TOOL,))
    return ToolCalls(**settings).grade(sample)


def one(got, wanted, **settings):
    """A call of `book` with one argument beside the required one."""
    target = [{"name": "book", "arguments": {"seats": 1, "x": wanted}}]
    return grade([("book", {"seats": 1, "x": got})], target, **settings)


@pytest.mark.parametrize(
    ("got", "wanted", "value"),
    [
        (5, 5.0, 1.0),
        (5.0, 5, 1.0),
        (5.5, 5, 0.0),
        (True, 1, 0.0),
        (1, True, 0.0),
        (False, 0, 0.0),
        ("5", 5, 0.0),
        (5, "5", 0.0),
        ("true", True, 0.0),
        (None, None, 1.0),
        (None, 0, 0.0),
        ("", None, 0.0),
        ([1, 2.0], [1.0, 2], 1.0),
        ([2, 1], [1, 2], 0.0),
        ([1], 1, 0.0),
        ([], [], 1.0),
        ({"a": {"b": [1]}}, {"a": {"b": [1.0]}}, 1.0),
        ({"a": 1, "b": 2}, {"a": 1}, 0.0),
        ({}, {"a": 1}, 0.0),
        (10**400, 10**400, 1.0),
        (10**400, 1.5, 0.0),
        ("Paris", "paris", 0.0),
    ],
)
def test_plain_values(got, wanted, value):
    assert one(got, wanted).value == value


def test_a_tuple_in_a_target_counts_as_a_list():
    assert one([1, 2], (1, 2)).value == 1.0


@pytest.mark.parametrize(
    ("got", "wanted", "value"),
    [("5", 5, 1.0), (5, "5.0", 1.0), (" 1e1 ", 10, 1.0), ("5 days", 5, 0.0), (True, "1", 0.0), ("05", "5", 0.0)],
)
def test_lenient_numbers(got, wanted, value):
    assert one(got, wanted, lenient_numbers=True).value == value


@pytest.mark.parametrize(
    ("strings", "got", "wanted", "value"),
    [
        ("folded", " New  York ", "new york", 1.0),
        ("folded", "New-York", "new york", 0.0),
        ("bfcl", "San-Francisco, C.A.", "san francisco ca", 1.0),
        ("bfcl", 'it"s', "it's", 1.0),
        ("bfcl", "a+b", "a b", 0.0),
    ],
)
def test_strings(strings, got, wanted, value):
    assert one(got, wanted, strings=strings).value == value


def test_allowed_values_of_an_argument_and_in_an_object():
    target = [{"book": {"seats": [1, 2], "payer": [{"zip": ["10115", "10117"], "city": ["Berlin", ""]}]}}]
    assert grade([("book", {"seats": 2, "payer": {"zip": "10117"}})], target).value == 1.0
    score = grade([("book", {"seats": 2, "payer": {"zip": "80331"}})], target)
    assert (score.value, score.reason) == (0.0, "book: payer.zip: got '80331', wanted '10115' or '10117'")


def test_optional_and_allowed_of_a_plain_target():
    target = [{"name": "book", "arguments": {"seats": 1, "class": "eco"}, "optional": ["class"], "allowed": {"x": [7]}}]
    assert grade([("book", {"seats": 1, "x": 7})], target).value == 1.0
    assert grade([("book", {"seats": 1, "class": "eco", "x": 7})], target).value == 1.0
    assert grade([("book", {"seats": 1, "class": "first", "x": 7})], target).value == 0.0


def test_a_required_argument_may_not_be_left_out_even_where_the_target_says_optional():
    score = grade([("book", {})], [{"book": {"seats": [1, ""]}}])
    assert (score.value, score.reason) == (0.0, "book: seats: got nothing, wanted 1")


@pytest.mark.parametrize(
    ("name", "got", "reason"),
    [
        ("seats", "5", "book: seats: got '5', wanted 5 (type integer)"),
        ("seats", 5.5, "book: seats: got 5.5, wanted 5 (type integer)"),
        ("seats", True, "book: seats: got True, wanted 5 (type integer)"),
        ("seats", 6, "book: seats: got 6, wanted 5"),
    ],
)
def test_the_reason_says_the_declared_type(name, got, reason):
    assert grade([("book", {name: got})], [{"name": "book", "arguments": {name: 5}}]).reason == reason


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"price": 5}, ""),
        ({"price": 5.5}, ""),
        ({"price": "5"}, "book: price: got '5', wanted type number"),
        ({"names": ["a", 1]}, "book: names[1]: got 1, wanted type string"),
        ({"names": "a"}, "book: names: got 'a', wanted type array"),
        ({"is_refundable": 1}, "book: is_refundable: got 1, wanted type boolean"),
        ({"class": None}, "book: class: got None, wanted type string"),
        ({"payer": {}}, "book: payer.zip: got nothing, wanted a value; it is required"),
        ({"payer": []}, "book: payer: got [], wanted type object"),
        ({"colour": 1}, "book: colour: got 1, wanted no such argument"),
    ],
)
def test_arguments_that_the_target_does_not_name_may_be_any_of_the_declared_type(arguments, reason):
    target = [{"name": "book", "arguments": {"seats": 1}}]
    score = grade([("book", {"seats": 1, **arguments})], target, unnamed_arguments="declared")
    assert score.reason == reason
    assert grade([("book", {"seats": 1, **arguments})], target).value == 0.0


A, B, C = ("book", {"seats": 1}), ("book", {"seats": 2}), ("pay", {})


@pytest.mark.parametrize(
    ("settings", "made", "value"),
    [
        ({}, [A, B], 1.0),
        ({}, [B, A], 1.0),
        ({}, [A, B, C], 0.0),
        ({}, [A, A], 0.0),
        ({}, [A, A, B], 0.0),
        ({}, [A], 0.0),
        ({"allow_extra": True}, [C, B, C, A], 1.0),
        ({"order": "exact"}, [A, B], 1.0),
        ({"order": "exact"}, [B, A], 0.0),
        ({"order": "exact"}, [A, B, C], 0.0),
        ({"order": "subset_order"}, [C, A, C, B, C], 1.0),
        ({"order": "subset_order"}, [B, A], 0.0),
        ({"order": "subset_order"}, [B, A, B], 1.0),
    ],
)
def test_order_and_extra_calls(settings, made, value):
    target = [{"name": "book", "arguments": {"seats": 1}}, {"name": "book", "arguments": {"seats": 2}}]
    assert grade(made, target, **settings).value == value


def test_calls_are_paired_so_that_all_fit():
    """Taken greedily, the first wanted call (1 or 2) would take seat 1 and leave nothing for the second (1 only)."""
    assert grade([A, B], [{"book": {"seats": [1, 2]}}, {"book": {"seats": [1]}}]).value == 1.0
    assert grade([A, A], [{"book": {"seats": [1, 2]}}, {"book": {"seats": [2]}}]).value == 0.0


def test_the_share_of_wanted_calls_that_were_made():
    target = [{"book": {"seats": [1]}}, {"book": {"seats": [3]}}]
    assert grade([A, B], target).dimensions == {"matched": 0.5}


def test_no_call_wanted():
    assert grade([], []).value == 1.0
    score = grade([C], [])
    assert (score.value, score.reason) == (0.0, "no call was wanted, got pay")
    assert ToolCalls().grade(Sample(output="I have no tool for that.", target=[])).value == 1.0
    assert ToolCalls().grade(Sample(output='[{"name": "pay", "arguments": {}}]', target=[])).value == 0.0


@pytest.mark.parametrize(
    "output",
    [
        '[{"name": "book", "arguments": {"seats": 1}}]',
        '{"name": "book", "arguments": {"seats": 1}}',
        '[{"id": "c1", "type": "function", "function": {"name": "book", "arguments": "{\\"seats\\": 1}"}}]',
        '[{"type": "tool_use", "name": "book", "input": {"seats": 1}}]',
        '[{"book": {"seats": 1}}]',
        'Here:\n```json\n[{"name": "book", "arguments": {"seats": 1}}]\n```',
    ],
)
def test_ways_to_write_a_call_in_the_output(output):
    assert ToolCalls().grade(Sample(output=output, target=[{"book": {"seats": [1]}}], tools=(TOOL,))).value == 1.0


def test_a_path_in_the_output():
    sample = Sample(
        output='{"calls": [{"name": "book", "arguments": {"seats": 1}}]}', target=[{"book": {"seats": [1]}}]
    )
    assert ToolCalls(path="calls").grade(sample).value == 1.0
    assert ToolCalls().grade(sample).reason == "no call of 'book'; got no other call"


def test_broken_arguments_are_a_wrong_call_not_a_crash():
    made = Message(role="assistant", content="", tool_calls=(ToolCall(id="c", name="book", arguments='{"seats": 1'),))
    score = ToolCalls().grade(Sample(output="", transcript=(made,), target=[{"book": {"seats": [1]}}]))
    assert score.value == 0.0
    assert score.reason.startswith("book: its arguments are not JSON")


def test_a_call_without_arguments_may_be_written_as_nothing():
    made = Message(role="assistant", content="", tool_calls=(ToolCall(id="c", name="pay", arguments=""),))
    assert ToolCalls().grade(Sample(output="", transcript=(made,), target=["pay"])).value == 1.0


@pytest.mark.parametrize("target", [None, 5, [5], [{}], [{"a": 1, "b": 2}], [{"book": {"seats": 1}}], [[]], [""]])
def test_a_target_that_lists_no_calls_is_no_score(target):
    score = ToolCalls().grade(Sample(output="", target=target))
    assert score.value is None
    assert "target" in score.reason


def test_too_many_calls_are_no_score():
    score = grade([C] * 501, ["pay"], allow_extra=True)
    assert score.value is None
    assert "501 calls made" in score.reason


def test_five_hundred_calls_that_all_fit_each_other_end_soon():
    """The worst case of the pairing: 500 x 500 pairs."""
    start = time.process_time()
    assert grade([C] * 500, ["pay"] * 500).value == 1.0
    assert time.process_time() - start < 5


def test_extra_calls_in_exact_order_are_refused_as_a_setting():
    with pytest.raises(InputError, match="subset_order"):
        ToolCalls(order="exact", allow_extra=True)
