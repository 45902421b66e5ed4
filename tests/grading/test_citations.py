"""Claims, what they cite, and whether it says so; shares are counted by hand."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.citations import Citations
from preceptor.grading.types import Sample, Score

PASSAGES = {
    "refunds": "A refund takes 5 business days.",
    "shipping": "Shipping to Spain takes 3 days and costs $4.",
}


def grade(output: str, **settings) -> Score:
    return Citations(**settings).grade(Sample(output=output, passages=PASSAGES))


def test_claims_with_the_right_passages_are_right():
    score = grade("Hi Ada! Refunds take 5 business days [refunds]. Shipping to Spain costs $4 (source: shipping).")
    assert score == Score(
        value=1.0,
        dimensions={"has_citation": 1.0, "exists": 1.0, "supported": 1.0},
        details={"num_claims": 2, "num_wrong": 0, "wrong": []},
    )


def test_a_claim_without_a_citation_a_wrong_id_and_a_wrong_passage_are_told_apart():
    score = grade(
        "Refunds take 5 business days. Refunds take 5 business days [returns]. Refunds take 5 business days [shipping]. "
        "Refunds take 5 business days [refunds]."
    )
    assert score.value == 0.25
    assert score.dimensions == {"has_citation": 0.75, "exists": 2 / 3, "supported": 0.5}
    problems = [item["problem"] for item in score.details["wrong"]]
    assert problems == ["cites nothing", "no passage has the id 'returns'", "no source has 5"]


def test_a_wrong_number_is_not_supported():
    assert grade("Refunds take 3 business days [refunds].").dimensions["supported"] == 0.0


def test_several_ids_in_one_mark_support_together():
    assert grade("Refunds take 5 business days and shipping to Spain costs $4 [refunds, shipping].").value == 1.0
    assert grade("Refunds take 5 business days and shipping to Spain costs $4 [refunds][shipping].").value == 1.0


def test_a_mark_behind_the_full_stop_belongs_to_the_sentence_before():
    assert grade("Refunds take 5 business days. [refunds]").value == 1.0


def test_with_scope_paragraph_one_mark_holds_for_the_line():
    text = "Refunds take 5 business days. A refund takes 5 days. [refunds]\nShipping to Spain costs $4."
    assert grade(text).dimensions["has_citation"] == pytest.approx(1 / 3)
    assert grade(text, scope="paragraph").dimensions["has_citation"] == pytest.approx(2 / 3)


def test_numbers_name_passages_by_their_order_only_where_asked():
    assert grade("Refunds take 5 business days [1].").dimensions["exists"] == 0.0
    assert grade("Refunds take 5 business days [1].", numbering="order").value == 1.0
    assert grade("Refunds take 5 business days [3].", numbering="order").dimensions["exists"] == 0.0


def test_a_list_of_ids_holds_for_every_claim():
    answer = {"answer": "Refunds take 5 business days. Shipping to Spain costs $4.", "citations": ["refunds"]}
    score = grade(json.dumps(answer), path="answer", citations_path="citations")
    assert score.dimensions == {"has_citation": 1.0, "exists": 1.0, "supported": 0.5}


def test_placeholders_and_links_are_no_citations():
    assert grade("Your refund to [EMAIL_1] takes 5 days, see [terms](https://a.example).").dimensions["exists"] is None
    assert grade("Tell us [your name] and it takes 5 days.").dimensions["exists"] is None


def test_a_courtesy_that_cites_what_does_not_exist_counts():
    assert grade("Happy to help [nothing]!").value == 0.0


@pytest.mark.parametrize("citations", ["refunds", [1], None, {"a": 1}])
def test_a_list_that_is_none_is_the_models_failure(citations):
    output = json.dumps({"answer": "Refunds take 5 days.", "citations": citations})
    score = grade(output, path="answer", citations_path="citations")
    assert (score.value, bool(score.reason)) == (0.0, True)


def test_nothing_to_cite_and_nothing_stated_have_no_score():
    assert grade("Happy to help!").value is None
    assert Citations().grade(Sample(output="Refunds take 5 days [a].")).value is None
    assert grade("x" * 200, max_characters=100).value is None


def test_a_wrong_share_is_refused():
    with pytest.raises(InputError, match="min_overlap"):
        Citations(min_overlap=1.5)
