from datetime import UTC, datetime, timedelta

import pytest

from preceptor.gates.policy import Policy
from preceptor.gates.policy_notes import policy_notes
from preceptor.gates.types import Evidence, RunFacts

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HASH = "a" * 64


def notes(policies=None, *, finished_at=NOW, as_of=NOW, most=None):
    evidence = Evidence(
        baseline={},
        candidate={},
        primary="m",
        baseline_facts=RunFacts(finished_at=finished_at),
        candidate_facts=RunFacts(policies=policies or {}, cases="c" * 64),
        as_of=as_of,
    )
    return policy_notes(evidence, Policy(name="release", criteria=(), hash=HASH, baseline_max_age_days=most))


def test_a_policy_that_stood_when_the_run_began_needs_no_remark():
    assert notes({"release": HASH}) == ()


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        (
            {"release": "b" * 64},
            "was changed after the candidate run began: its hash was bbbbbbbbbbbb, it is aaaaaaaaaaaa",
        ),
        ({"other": HASH}, "was not there when the candidate run began"),
        ({}, "no policy was sealed when the candidate run began"),
    ],
)
def test_a_policy_that_is_not_the_sealed_one_is_shown(policies, said):
    (note,) = notes(policies)
    assert said in note


def test_only_a_baseline_older_than_asked_is_stale():
    sealed = {"release": HASH}
    assert notes(sealed, finished_at=NOW - timedelta(days=14), most=14) == ()
    (note,) = notes(sealed, finished_at=NOW - timedelta(days=15), most=14)
    assert note.startswith("stale baseline: it is 15 days old")


@pytest.mark.parametrize("unknown", [{"finished_at": None}, {"as_of": None}])
def test_an_age_that_cannot_be_told_is_said(unknown):
    (note,) = notes({"release": HASH}, most=14, **unknown)
    assert "cannot be told" in note


def test_two_plain_files_need_no_remark_on_a_seal():
    evidence = Evidence(baseline={}, candidate={}, primary="m")
    assert policy_notes(evidence, Policy(name="release", criteria=(), hash=HASH)) == ()
