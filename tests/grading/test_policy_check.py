"""Rules of a support policy."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.policy_check import PolicyCheck
from preceptor.grading.policy_rule import PolicyRule
from preceptor.grading.types import Sample
from preceptor.models.types import Message


def broken(rule: PolicyRule, output: str, *, question: str = "", passages: dict[str, str] | None = None) -> list[str]:
    sample = Sample(output=output, messages=(Message(role="user", content=question),), passages=passages or {})
    score = PolicyCheck(rules=(rule,)).grade(sample)
    assert score.value == float(not score.details["broken"])
    return [item["what"] for item in score.details["broken"]]


PROMISES = PolicyRule(id="promises", forbid=("guarantee", "100% safe", "re:refund.{0,20}tomorrow"))


@pytest.mark.parametrize(
    ("output", "what"),
    [
        ("We GUARANTEE it.", "says 'GUARANTEE'"),
        ("It is 100%\nsafe.", "says '100%\\nsafe'"),
        ("Your refund arrives tomorrow.", "says 'refund arrives tomorrow'"),
    ],
)
def test_forbidden_phrases_break_it(output, what):
    assert broken(PROMISES, output) == [what]


@pytest.mark.parametrize("output", ["We try our best.", "The guaranteed plan.", "Refunds take 5 days.", ""])
def test_whole_words_only(output):
    assert broken(PROMISES, output) == []


TAX = PolicyRule(id="tax", when=("tax", "VAT"), require=("no tax advice", "ask a tax adviser"))


def test_a_disclaimer_is_asked_for_where_the_topic_comes_up():
    assert broken(TAX, "You pay less tax.") == ["lacks 'no tax advice' or 'ask a tax adviser'"]
    assert broken(TAX, "You pay less.", question="How much VAT is it?") != []
    assert broken(TAX, "You pay less tax; please ask a tax adviser.") == []
    assert broken(TAX, "Hello!") == []


def test_the_topic_may_be_looked_for_in_one_place_only():
    rule = PolicyRule(id="tax", when=("tax",), when_in="answer", require=("no advice",))
    assert broken(rule, "You pay less.", question="How much tax?") == []


LINKS = PolicyRule(id="links", allowed_domains=("example.com",))


@pytest.mark.parametrize(
    "output",
    [
        "See https://example.com/a?b=c.",
        "See [help](http://HELP.example.com:8080/x).",
        "See www.example.com and help.example.com.",
        "Write to ada@evil.com.",
        "Version 2.0.1, e.g. this. Ok?",
    ],
)
def test_links_to_allowed_domains_hold(output):
    assert broken(LINKS, output) == []


@pytest.mark.parametrize(
    ("output", "host"),
    [
        ("See https://evil.com/example.com.", "evil.com"),
        ("See https://example.com.evil.com.", "example.com.evil.com"),
        ("See https://example.com@evil.com/.", "evil.com"),
        ("See https://evil.com\\@example.com/.", "evil.com"),
        ("See //evil.com/a", "evil.com"),
        ("See https:evil.com/a", "evil.com"),
        ("See evil.com for more.", "evil.com"),
        ("See https://myexample.com", "myexample.com"),
    ],
)
def test_links_elsewhere_break_it(output, host):
    assert broken(LINKS, output) == [f"links to {host}"]


def test_no_domain_at_all_may_be_allowed():
    assert broken(PolicyRule(id="links", allowed_domains=()), "See https://example.com") == ["links to example.com"]


PRIVATE = PolicyRule(id="private", forbid_personal_data=True)


def test_personal_data_breaks_it_and_is_never_quoted():
    assert broken(PRIVATE, "Write to ada@example.org.") == ["holds personal data: EMAIL"]


def test_what_a_passage_says_is_public():
    passages = {"contact": "Write to help@example.org."}
    assert broken(PRIVATE, "Write to help@example.org.", passages=passages) == []
    assert broken(PRIVATE, "Write to ada@example.org.", passages=passages) != []


def test_only_some_types_may_count():
    rule = PolicyRule(id="private", forbid_personal_data=True, personal_data_types=("IBAN",))
    assert broken(rule, "Write to ada@example.org.") == []


def test_the_gravest_rule_is_named_first_and_each_can_be_a_dimension():
    rules = (PROMISES, PolicyRule(id="secret", severity="P0", forbid=("sesame",)), TAX)
    grader = PolicyCheck(rules=rules, score_each_rule=True)
    score = grader.grade(Sample(output="We guarantee sesame."))
    assert score.reason == "P0 secret: says 'sesame'; P1 promises: says 'guarantee'"
    assert score.dimensions == {"promises": 0.0, "secret": 0.0, "tax": None}
    assert grader.dimension_names == ("promises", "secret", "tax")
    assert score.details["num_applying"] == 2


def test_an_output_that_cannot_be_read_or_is_too_long():
    grader = PolicyCheck(rules=(PROMISES,), path="answer", max_characters=10)
    assert grader.grade(Sample(output="no JSON")).value == 0.0
    assert grader.grade(Sample(output='{"answer": "12345678901"}')).value is None


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"id": "a b", "forbid": ("x",)}, "id 'a b'"),
        ({"id": "a"}, "asks for nothing"),
        ({"id": "a", "when": ("x",)}, "asks for nothing"),
        ({"id": "a", "forbid": (" ",)}, "empty"),
        ({"id": "a", "forbid": ("re:(",)}, "not a regular expression"),
        ({"id": "a", "forbid": ("re:(a+)+",)}, "repeats a repeat"),
        ({"id": "a", "allowed_domains": ("https://example.com",)}, "no domain"),
    ],
)
def test_wrong_rules_are_refused(settings, match):
    with pytest.raises(InputError, match=match):
        PolicyRule(**settings)


def test_rules_need_ids_of_their_own():
    with pytest.raises(InputError, match="stands twice"):
        PolicyCheck(rules=(PROMISES, PROMISES))
    with pytest.raises(InputError, match="0 rules"):
        PolicyCheck(rules=())
