from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preceptor.core.errors import InputError, NotAllowedError, NotFoundError
from preceptor.gates.criteria.coverage import Coverage
from preceptor.gates.policy import Policy
from preceptor.gates.rule import Rule
from preceptor.gates.waivers import WaiverRequest, make_waiver, sort_waivers

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
POLICY = Policy(
    name="release",
    hash="h" * 64,
    criteria=(
        Rule(criterion=Coverage(), name="coverage"),
        Rule(criterion=Coverage(), name="always", waivable=False),
    ),
    sign_offs={"engineering": ("ada",), "product": ()},
    max_waiver_days=30,
)
REQUEST = WaiverRequest(
    criterion="coverage", by="ada", role="engineering", reason="one judge is down", until=NOW + timedelta(days=30)
)


def test_a_waiver_says_who_why_what_and_until_when():
    waiver = make_waiver(REQUEST, POLICY, NOW)
    assert waiver.id.startswith("waiver_")
    assert (waiver.policy, waiver.criterion, waiver.slice) == ("release", "coverage", "")
    assert (waiver.by, waiver.role, waiver.reason) == ("ada", "engineering", "one judge is down")
    assert (waiver.until, waiver.made_at) == (NOW + timedelta(days=30), NOW)


def test_the_same_request_at_the_same_moment_is_the_same_waiver():
    assert make_waiver(REQUEST, POLICY, NOW).id == make_waiver(REQUEST, POLICY, NOW).id
    assert make_waiver(replace(REQUEST, slice="a"), POLICY, NOW).id != make_waiver(REQUEST, POLICY, NOW).id


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"criterion": "other"}, NotFoundError, "it has: 'coverage', 'always'"),
        ({"criterion": "always"}, NotAllowedError, "waivable: false"),
        ({"by": "eve"}, NotAllowedError, "'eve' does not speak for 'engineering'; it may be: ada"),
        ({"by": " "}, InputError, "by is ' '"),
        ({"role": ""}, InputError, "role is ''"),
        ({"reason": "\n"}, InputError, "names a person, a role and a reason"),
        ({"reason": "x" * 4001}, InputError, "write at most 4,000"),
        ({"until": NOW}, InputError, "which is past"),
        ({"until": NOW + timedelta(days=30, seconds=1)}, InputError, "more than the 30 days ahead"),
        ({"until": datetime(2026, 12, 1)}, InputError, "without a time zone"),  # noqa: DTZ001 - that is what is refused
    ],
)
def test_what_is_no_waiver_is_refused(changes, error, said):
    with pytest.raises(error, match=said):
        make_waiver(replace(REQUEST, **changes), POLICY, NOW)


def test_a_role_that_the_policy_does_not_list_is_refused():
    """Or who may not speak as product could speak as anything else."""
    with pytest.raises(NotFoundError, match="has no role 'legal'; it has: engineering, product"):
        make_waiver(replace(REQUEST, by="eve", role="legal"), POLICY, NOW)
    assert make_waiver(replace(REQUEST, by="eve", role="product"), POLICY, NOW).by == "eve"


def test_a_waiver_holds_from_the_moment_it_is_given_until_before_its_end():
    waiver = make_waiver(REQUEST, POLICY, NOW)
    held = [
        bool(sort_waivers([waiver], POLICY, moment).valid)
        for moment in (NOW - timedelta(seconds=1), NOW, waiver.until - timedelta(seconds=1), waiver.until)
    ]
    assert held == [False, True, True, False]
