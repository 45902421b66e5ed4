"""The number follows from what changed; a person can raise it, not lower it."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.semantic_version import choose_number, parse_number, propose
from preceptor.datasets.types import DatasetDiff


def differing(**what) -> DatasetDiff:
    return DatasetDiff(before="a", after="b", added=(), removed=(), moved=(), num_unchanged=9, **what)


def test_the_first_version_is_1_0_0():
    assert (propose(None, None).number, propose(None, None).bump) == ("1.0.0", "first")


@pytest.mark.parametrize(
    "what",
    [
        {"breaking": ("the kind 'sft' is gone",)},
        {"withdrawn": ("record_1",), "num_removed": 1},
        {"num_in_test": 1, "num_added": 1},
    ],
)
def test_what_a_reader_must_look_at_is_major(what):
    proposal = propose("1.4.2", differing(**what))
    assert (proposal.number, proposal.bump) == ("2.0.0", "major")


@pytest.mark.parametrize("what", ["num_added", "num_removed", "num_changed", "num_flips", "num_moved"])
def test_other_records_outside_the_test_split_are_minor(what):
    proposal = propose("1.4.2", differing(**{what: 3}))
    assert (proposal.number, proposal.bump) == ("1.5.0", "minor")
    assert proposal.reasons[0].startswith("3 records")


@pytest.mark.parametrize("what", [{"provenance": {"licence": 2}}, {"parts": ("notes",)}, {}])
def test_what_is_only_said_of_the_same_records_is_patch(what):
    assert propose("1.4.2", differing(**what)).number == "1.4.3"


def test_a_person_can_raise_the_number():
    proposal = propose("1.4.2", differing(num_added=1))
    raised = choose_number(proposal, "2.0.0")
    assert (raised.number, raised.bump) == ("2.0.0", "major")
    assert raised.reasons == ("1 record added", "set by hand; the rule gives 1.5.0")
    assert choose_number(proposal, None) == choose_number(proposal, "1.5.0") == proposal
    assert choose_number(proposal, "1.7.0").bump == "minor"


def test_a_person_cannot_lower_it():
    with pytest.raises(InputError, match="'1.4.9' is too low: 1 record added; write '1.5.0'"):
        choose_number(propose("1.4.2", differing(num_added=1)), "1.4.9")


@pytest.mark.parametrize("text", ["1.2", "01.2.3", "1.2.3-rc", "v1.2.3", "1.2.٣", "1.2.3\n", "9" * 30 + ".0.0"])
def test_a_number_of_another_form_is_refused(text):
    with pytest.raises(InputError, match="not of the form"):
        parse_number(text)
