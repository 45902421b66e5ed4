"""Lexical support of a claim; the verdicts are worked out by hand from its three rules."""

from __future__ import annotations

import pytest

from preceptor.grading.support import support

REFUNDS = "A refund takes 5 business days. Refunds are not possible after 30 days. The fee is $1,000.50."


@pytest.mark.parametrize(
    "claim",
    [
        "Refunds take 5 business days.",
        "The refund takes five business days.",
        "The fee is 1000.5 dollars.",
        "A refund isn't possible after 30 days.",
    ],
)
def test_what_the_text_says_is_supported(claim):
    assert support(claim, [REFUNDS]).holds(0.6)


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("Refunds take 3 business days.", "no source has 3"),
        ("Refunds take 5 days in Brazil and cost 7 dollars.", "no source has 7"),
        ("Refunds are possible after 30 days.", "the source says the opposite, or does not deny it"),
        ("Our office dog sleeps in Berlin.", "0% of its words stand in the sources"),
    ],
)
def test_other_numbers_other_words_and_the_opposite_are_not(claim, why):
    found = support(claim, [REFUNDS])
    assert not found.holds(0.6)
    assert found.why_not() == why


def test_several_texts_support_together():
    assert support("Refunds take 5 days and shipping takes 3.", ["Refunds: 5 days.", "Shipping: 3 days."]).holds(0.6)


def test_no_text_supports_nothing():
    assert not support("Refunds take 5 days.", []).holds(0.0)
