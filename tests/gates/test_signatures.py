"""The report says who signed, who has not, and which waivers it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preceptor.gates.signatures import release_state, signature_rows, waiver_rows
from preceptor.gates.types import SignOff, Waiver

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def _signed(role, decision="approve", hours=0):
    at = MOMENT + timedelta(hours=hours)
    return SignOff(
        id=f"s{hours}", verdict_id="v", role=role, by=f"{role} lead", decision=decision, remark="read", at=at
    )


def _waiver(name, days):
    return Waiver(
        id=name,
        policy="p",
        criterion="c",
        by="Ada",
        role="r",
        reason="why",
        until=MOMENT + timedelta(days=days),
        made_at=MOMENT,
    )


@pytest.fixture
def evidence(bare_evidence):
    verdict = replace(bare_evidence.verdict, sign_offs=("engineering", "product"))
    return replace(bare_evidence, verdict=verdict, generated_at=MOMENT)


def test_every_role_that_the_policy_asks_for_has_a_row_in_its_order(evidence):
    rows = signature_rows(replace(evidence, sign_offs=(_signed("legal"), _signed("product"))))
    assert [(row.role, row.state, row.is_required) for row in rows] == [
        ("engineering", "not signed", True),
        ("product", "approved", True),
        ("legal", "approved", False),
    ]


def test_the_newest_word_of_a_role_counts(evidence):
    rows = signature_rows(replace(evidence, sign_offs=(_signed("product", "reject", 2), _signed("product", hours=1))))
    assert [row.state for row in rows] == ["not signed", "rejected"]


def test_the_release_waits_is_held_back_or_done(evidence):
    both = (_signed("engineering"), _signed("product"))
    assert release_state(evidence) == "Not released: it is INCONCLUSIVE, and only a GO can be approved."
    evidence = replace(evidence, verdict=replace(evidence.verdict, verdict="pass"))
    assert release_state(evidence) == "Not released: waits for engineering, product."
    assert release_state(replace(evidence, sign_offs=(_signed("product", "reject"),))) == (
        "Not released: held back by product (product lead)."
    )
    assert release_state(replace(evidence, sign_offs=both)).startswith("Not released yet: every role")
    released = replace(evidence, sign_offs=both, released_at=MOMENT, released_by="Ada")
    assert release_state(released) == "Released by Ada."


def test_used_waivers_come_first_and_ended_ones_last(evidence):
    verdict = replace(evidence.verdict, waivers=(_waiver("used", 9),))
    rows = waiver_rows(
        replace(evidence, verdict=verdict, waivers=(_waiver("ended", -1), _waiver("open", 3), _waiver("used", 9)))
    )
    assert [(row.waiver.id, row.state) for row in rows] == [
        ("used", "used"),
        ("open", "open, not used"),
        ("ended", "ended"),
    ]


def test_a_waiver_that_ended_after_the_verdict_says_so(evidence):
    verdict = replace(evidence.verdict, waivers=(_waiver("used", -1),))
    assert waiver_rows(replace(evidence, verdict=verdict))[0].state == "used, ended since"
