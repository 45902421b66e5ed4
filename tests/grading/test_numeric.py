"""Numbers in outputs; each expected value is read off the text by hand."""

from __future__ import annotations

import time

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.numeric import Numeric
from preceptor.grading.types import Sample


def value(output, target, **settings):
    return Numeric(**settings).grade(Sample(output=output, target=target)).value


@pytest.mark.parametrize(
    ("output", "number"),
    [
        ("The total is 1,234,567.", 1234567),
        ("It costs $1,299.50", 1299.5),
        ("-$5", -5),
        ("$-5", -5),
        ("a loss of −42 points", -42),
        ("x=-4", -4),
        ("from 3-5", 5),
        ("pages 3–5", 5),
        ("= .5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("6.02 × 10^23", 6.02e23),
        ("2 x 10^-3", 0.002),
        ("3\\times 10^{2}", 300),
        ("12\u00a0345", 12345),
        ("1'000'000", 1000000),
        ("12,34,567 rupees", 1234567),
        ("1_000", 1000),
        ("we use B2B and GPT4, so 7", 7),
        ("USD100", 100),
        ("50%", 50),
        ("3rd", 3),
        ("version 1.2.3", 1.2),
        ("**18**", 18),
        ("\\boxed{18}", 18),
        ("٤٢", 42),
        ("1,2", 2),
        ("0.30000000000000000000000000000001", "0.30000000000000000000000000000001"),
    ],
)
def test_ways_to_write_a_number(output, number):
    assert value(output, number) == 1.0


def test_the_last_counts_or_the_first():
    assert value("6 + 7 = 13", 13) == 1.0
    assert value("6 + 7 = 13", 6, take="first") == 1.0


def test_only_what_follows_the_last_marker_counts():
    assert value("#### 5\n#### 72 apples", 72, marker="####", take="first") == 1.0
    score = Numeric(marker="####").grade(Sample(output="It is 72.", target=72))
    assert (score.value, score.reason) == (0.0, "the output has no '####'")
    assert (
        Numeric(marker="####").grade(Sample(output="72 ####", target=72)).reason
        == "the output has no number after '####'"
    )


def test_a_target_may_be_a_worked_solution():
    """GSM8K's targets end in `#### 72`."""
    assert value("Answer #### 72", "48 / 2 = 24, 48 + 24 = 72\n#### 72", marker="####") == 1.0


@pytest.mark.parametrize(
    ("got", "settings", "expected"),
    [
        ("10.1", {}, 0.0),
        ("10.1", {"absolute_tolerance": 0.1}, 1.0),
        ("10.11", {"absolute_tolerance": 0.1}, 0.0),
        ("10.1", {"relative_tolerance": 0.01}, 1.0),
        ("9.89", {"relative_tolerance": 0.01}, 0.0),
        ("9.95", {"relative_tolerance": 0.01, "absolute_tolerance": 0.001}, 1.0),
    ],
)
def test_tolerance(got, settings, expected):
    assert value(got, 10, **settings) == expected


def test_decimals_are_compared_as_written():
    """In binary 0.1 + 0.2 is not 0.3, and 1.1 - 1 is above 0.1."""
    assert value("0.3", 0.3) == 1.0
    assert value("1.1", 1, absolute_tolerance=0.1) == 1.0


def test_decimal_comma():
    assert value("Es kostet 1.299,50 €", 1299.5, decimal="comma") == 1.0
    assert value("1,5", 1.5, decimal="comma") == 1.0
    assert value("1,5", 1.5) == 0.0


def test_percent_as_a_share():
    assert value("50 %", 0.5, percent="share") == 1.0
    assert value("0.5", "50%", percent="share") == 1.0
    assert value("50 %", 50) == 1.0


@pytest.mark.parametrize(("output", "number"), [("3/4", 0.75), ("1 1/2", 1.5), ("-3/4", -0.75), ("-1 1/2", -1.5)])
def test_fractions(output, number):
    assert value(output, number, fractions=True) == 1.0


def test_a_fraction_over_zero_is_no_number():
    score = Numeric(fractions=True).grade(Sample(output="3/0", target=3))
    assert (score.value, score.reason) == (0.0, "the output has a number that cannot be read: '3/0'")


def test_a_value_in_json():
    assert value('{"answer": 5.0}', 5, path="answer") == 1.0
    assert value('{"answer": "5 kg"}', 5, path="answer") == 1.0
    assert value('{"answer": true}', 1, path="answer") == 0.0
    assert value('{"answer": [5]}', 5, path="answer") == 0.0


@pytest.mark.parametrize("target", [None, "no number", True, [5], {"a": 5}, float("nan"), float("inf")])
def test_a_case_without_a_number_has_no_score(target):
    score = Numeric().grade(Sample(output="5", target=target))
    assert score.value is None
    assert score.reason.startswith("the case wants no number")


def test_an_output_without_a_number_is_wrong():
    score = Numeric().grade(Sample(output="I do not know.", target=5))
    assert (score.value, score.reason) == (0.0, "the output has no number")


def test_the_reason_has_both_numbers():
    assert Numeric().grade(Sample(output="1,000.5", target=72)).reason == "1000.5 is not 72"


@pytest.mark.parametrize(
    "output",
    ["9" * 100_000, "1e999999999", "1e" + "9" * 1000, "11," * 40_000, "1," * 50_000, "." * 100_000, "-" * 100_000,
     "1.1" * 40_000, "1 " * 50_000, "1/" * 50_000, "111,111" * 20_000, "$ " * 50_000, "1e" * 50_000],
)  # fmt: skip
@pytest.mark.parametrize("fractions", [True, False])
def test_hostile_text_is_wrong_soon(output, fractions):
    start = time.process_time()
    assert value(output, 72, fractions=fractions) == 0.0
    assert time.process_time() - start < 3


def test_a_number_is_compared_exactly_at_any_size():
    assert value("1" + "0" * 300, 10**300) == 1.0
    assert Numeric().grade(Sample(output="1" + "0" * 399, target=72)).reason == "a number beyond 1e308 is not 72"


@pytest.mark.parametrize("name", ["absolute_tolerance", "relative_tolerance"])
@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_a_wrong_tolerance_is_refused(name, wrong):
    with pytest.raises(InputError, match="give 0 or more"):
        Numeric(**{name: wrong})
