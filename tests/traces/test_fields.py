"""Small fields are read in the forms that logs use; what is of the wrong type is missing or refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from preceptor.core.errors import InputError
from preceptor.models.types import Usage
from preceptor.traces.fields import read_error, read_score, read_scores, read_usage
from preceptor.traces.identity import id_of
from preceptor.traces.moments import read_moment

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-24T12:00:00Z",
        "2026-11-24T13:00:00+01:00",
        "2026-11-24 12:00:00",
        1795521600,
        "1795521600",
        1795521600e3,
        1795521600e6,
        "1795521600000000000",
    ],
)
def test_same_moment_in_all_its_forms(value):
    assert read_moment(value, "at") == NOON


@pytest.mark.parametrize("value", ["soon", True, [], {}, 1e300, -1e300, "9" * 400])
def test_what_is_no_moment_is_refused(value):
    with pytest.raises(InputError, match="write a moment"):
        read_moment(value, "at")


def test_usage_is_read_under_both_names_and_wrong_counts_are_missing():
    assert read_usage({"prompt_tokens": 9, "completion_tokens": "12"}) == Usage(input_tokens=9, output_tokens=12)
    assert read_usage({"input_tokens": -1, "output_tokens": "many", "cost": True}) == Usage()
    assert read_usage("none") == Usage()


def test_missing_score_is_left_out_and_not_zero():
    assert read_scores({"reward": None, "vote": True, "stars": "4"}, "scores") == {"vote": 1.0, "stars": 4.0}


@pytest.mark.parametrize("value", ["NaN", "inf", [], {}, "good", 10**400])
def test_score_that_is_no_finite_number_is_refused(value):
    with pytest.raises(InputError, match="a score is a finite number"):
        read_score(value, "reward")


def test_error_is_the_providers_message():
    assert [read_error(value) for value in (None, {}, "", {"message": "busy"}, {"code": 5}, "down")] == [
        None, None, None, "busy", '{"code":5}', "down",
    ]  # fmt: skip


@pytest.mark.parametrize("parts", [[None], [""], [True], [[]], ["a\nb"], ["x" * 91]])
def test_unusable_id_is_refused(parts):
    with pytest.raises(InputError, match="id"):
        id_of(parts, "id")


def test_id_keeps_its_prefix_once():
    assert id_of(["trace_7"], "id") == id_of([7], "id") == "trace_7"
