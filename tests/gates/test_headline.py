"""One sentence says the decision and why, and what would settle it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.gates.headline import SPOKEN, counts, criterion_name, headline, most_urgent_first
from preceptor.gates.types import CriterionResult, Verdict


def _criterion(verdict, required_n=None, n=100, kind="non_inferiority"):
    return CriterionResult(
        kind=kind, verdict=verdict, value=0.0, interval=None, n=n, required_n=required_n, reason="", metric="valid"
    )


def _verdict(verdict, *criteria):
    return Verdict(verdict=verdict, criteria=criteria, policy_hash="a" * 64)


def test_a_pass_says_how_many_criteria_passed():
    assert headline(_verdict("pass", _criterion("pass"), _criterion("pass"))).why == "All 2 criteria pass."


def test_a_fail_names_the_criterion():
    why = headline(_verdict("fail", _criterion("fail"), _criterion("pass"))).why
    assert why == "1 of 2 criteria failed: non inferiority on valid."


def test_the_reason_of_a_lone_deciding_criterion_is_told():
    result = replace(_criterion("fail"), reason="the loss is at least 0.031")
    why = headline(_verdict("fail", result, _criterion("pass"))).why
    assert why == "1 of 2 criteria failed: non inferiority on valid: the loss is at least 0.031."


def test_a_verdict_without_criteria_gives_its_own_reason():
    verdict = replace(_verdict("inconclusive"), reason="the policy has no criteria")
    assert headline(verdict).why == "the policy has no criteria"


def test_an_inconclusive_verdict_names_the_largest_n_needed():
    found = headline(
        _verdict("inconclusive", _criterion("inconclusive", 183), _criterion("inconclusive", 1200, n=120))
    ).needed
    assert found == "A pass takes about 1,200 cases if they go like these; there are 120."


@pytest.mark.parametrize("required_n", [None, 80], ids=["unknown", "not-a-matter-of-n"])
def test_it_is_said_when_more_cases_may_not_help(required_n):
    """A needed n that is already reached would settle nothing: something else is missing."""
    needed = headline(_verdict("inconclusive", _criterion("inconclusive", required_n))).needed
    assert needed.startswith("More such cases may not settle it")


def test_the_number_of_criteria_that_more_cases_may_not_settle_is_told():
    needed = headline(_verdict("inconclusive", _criterion("inconclusive", 183), _criterion("inconclusive"))).needed
    assert needed.endswith("Criteria that more such cases may not settle: 1.")


def test_the_words_are_those_that_people_say():
    assert SPOKEN == {"pass": "GO", "fail": "NO-GO", "inconclusive": "INCONCLUSIVE"}


def test_advisory_and_waived_criteria_are_not_named_as_the_cause():
    """Two criteria fail that cannot hold the release back, one does: only that one is named."""
    advisory = replace(_criterion("fail"), tier="advisory", name="politeness")
    waived = replace(_criterion("fail"), waiver="waiver_1", name="latency")
    why = headline(_verdict("fail", advisory, waived, replace(_criterion("fail"), name="safety"))).why
    assert why == "1 of 3 criteria failed: safety."


def test_a_pass_with_waived_and_advisory_criteria_says_so():
    waived = replace(_criterion("fail"), waiver="waiver_1")
    advisory = replace(_criterion("inconclusive"), tier="advisory")
    why = headline(_verdict("pass", _criterion("pass"), waived, advisory)).why
    assert why == "What must hold passes (1 of 3 criteria); beside it, waived: 1, allowed to miss: 1."


def test_a_refused_comparison_gives_its_reason():
    reason = "INCONCLUSIVE: the runs used different graders"
    verdict = replace(_verdict("inconclusive", _criterion("pass")), reason=reason)
    assert headline(verdict).why == "the runs used different graders"
    assert headline(verdict).needed == ""


def test_what_holds_the_release_back_stands_first():
    advisory = replace(_criterion("fail"), tier="advisory", name="advisory")
    critical = replace(_criterion("fail"), name="critical")
    passed = replace(_criterion("pass"), name="passed")
    names = [one.name for one in most_urgent_first(_verdict("fail", passed, advisory, critical))]
    assert names == ["critical", "advisory", "passed"]


def test_a_rule_goes_by_its_own_name():
    assert criterion_name(replace(_criterion("pass"), name="no worse on refunds")) == "no worse on refunds"
    assert criterion_name(_criterion("pass")) == "non inferiority on valid"


@pytest.mark.parametrize(
    ("tier", "verdict", "waiver", "holds_back"),
    [
        ("critical", "fail", "", True),
        ("critical", "inconclusive", "", True),
        ("supporting", "fail", "", True),
        ("supporting", "inconclusive", "", False),
        ("advisory", "fail", "", False),
        ("critical", "fail", "waiver_1", False),
    ],
)
def test_what_holds_a_release_back_is_what_decide_says(tier, verdict, waiver, holds_back):
    assert counts(replace(_criterion(verdict), tier=tier, waiver=waiver)) is holds_back
