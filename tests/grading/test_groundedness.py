"""Claims against the given context."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.groundedness import Groundedness
from preceptor.grading.types import Sample

PASSAGES = {"a": "A refund takes 5 business days.", "b": "Shipping to Spain costs $4."}
ANSWER = "Hi! Refunds take 5 business days. Shipping to Spain costs $4. Gold members get 2 vouchers. We like Mondays."


def test_the_share_of_supported_claims_is_the_score():
    """Four claims, of which two stand in the passages; "Hi!" is none."""
    score = Groundedness().grade(Sample(output=ANSWER, passages=PASSAGES))
    assert score.value == 0.5
    assert score.details["num_claims"] == 4
    assert [text.split(":")[0] for text in score.details["unsupported"]] == [
        "'Gold members get 2 vouchers.'",
        "'We like Mondays.'",
    ]


@pytest.mark.parametrize(
    "context", ["Refunds take 5 days.", ["x", "Refunds take 5 days."], {"a": "Refunds take 5 days."}]
)
def test_the_context_may_stand_in_the_metadata(context):
    sample = Sample(output=json.dumps({"answer": "A refund takes 5 days."}), metadata={"rag": {"context": context}})
    assert Groundedness(path="answer", context_path="rag.context").grade(sample).value == 1.0


def test_no_context_and_no_claims_have_no_score():
    assert Groundedness().grade(Sample(output=ANSWER)).value is None
    assert Groundedness(context_path="context").grade(Sample(output=ANSWER, passages=PASSAGES)).value is None
    assert Groundedness().grade(Sample(output="Hello!", passages=PASSAGES)).value is None


def test_an_output_that_is_not_the_json_asked_for_is_the_models_failure():
    assert Groundedness(path="answer").grade(Sample(output="Hello", passages=PASSAGES)).value == 0.0


def test_a_wrong_share_is_refused():
    with pytest.raises(InputError, match="min_overlap"):
        Groundedness(min_overlap=-1)
