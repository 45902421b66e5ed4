"""A version moves on by the words of the people whom its recipe names, one stage after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from preceptor.datasets.approvals import check_word, first_word, make_word, require_exportable, standing
from preceptor.datasets.registry_types import StageWord, Standing
from preceptor.datasets.types import Governance

MOMENT = datetime(2026, 11, 24, tzinfo=UTC)
RULES = Governance(
    reviewed_by=("data lead",),
    approved_by=("privacy officer", "product owner"),
    people={"data lead": ("ada", "bob"), "privacy officer": ("cleo", "ada"), "product owner": ("dan", "cleo", "ada")},
)
DRAFT = first_word("dataset_1", "ada", MOMENT)


def word(stage, role, by, note=""):
    return make_word(StageWord(id="", version_id="dataset_1", stage=stage, role=role, by=by, at=MOMENT, note=note))


REVIEWED = (DRAFT, word("reviewed", "data lead", "bob"))
APPROVED = (*REVIEWED, word("approved", "privacy officer", "cleo"), word("approved", "product owner", "dan"))


def test_each_stage_is_reached_when_all_its_roles_have_agreed():
    assert standing([DRAFT], RULES) == Standing(stage="draft", missing=("data lead",))
    assert standing(REVIEWED, RULES) == Standing(stage="reviewed", missing=("privacy officer", "product owner"))
    assert standing(APPROVED[:3], RULES) == Standing(stage="reviewed", missing=("product owner",))
    assert standing(APPROVED, RULES) == Standing(stage="approved")


def test_no_stage_is_skipped_and_none_comes_again():
    with pytest.raises(ConflictError, match="is draft and cannot become 'approved' now; next it is reviewed"):
        check_word(word("approved", "privacy officer", "cleo"), [DRAFT], RULES)
    with pytest.raises(ConflictError, match="it can only be withdrawn"):
        check_word(word("reviewed", "data lead", "bob"), APPROVED, RULES)
    with pytest.raises(ConflictError, match="cannot become 'draft'"):
        check_word(word("draft", "maker", "bob"), REVIEWED, RULES)


def test_a_role_is_for_the_people_it_names():
    with pytest.raises(NotAllowedError, match="'eve' does not speak for 'data lead'; it may be: ada, bob"):
        check_word(word("reviewed", "data lead", "eve"), [DRAFT], RULES)
    with pytest.raises(NotFoundError, match="'owner' has no say in 'reviewed'; the roles are: 'data lead'"):
        check_word(word("reviewed", "owner", "bob"), [DRAFT], RULES)


def test_two_roles_are_two_people_however_the_name_is_written():
    rules = replace(RULES, people={})
    with pytest.raises(NotAllowedError, match="' CLEO' has agreed as 'privacy officer'"):
        check_word(word("approved", "product owner", " CLEO"), APPROVED[:3], rules)
    twice = (*APPROVED[:3], word("approved", "product owner", "CLEO "))
    assert standing(twice, rules).missing == ("product owner",)


def test_the_maker_cannot_alone_move_a_version_on():
    with pytest.raises(NotAllowedError, match="'ada' made the version and cannot alone call it reviewed"):
        check_word(word("reviewed", "data lead", "ada"), [DRAFT], RULES)
    assert standing((DRAFT, word("reviewed", "data lead", "Ada")), RULES).stage == "draft"


def test_the_maker_may_be_one_of_two():
    """Not alone: somebody else has agreed as well."""
    check_word(word("approved", "product owner", "ada"), APPROVED[:3], RULES)
    assert standing((*APPROVED[:3], word("approved", "product owner", "ada")), RULES).stage == "approved"


def test_a_role_agrees_once():
    with pytest.raises(ConflictError, match="'cleo' has agreed as 'privacy officer' already"):
        check_word(word("approved", "privacy officer", "ada"), APPROVED[:3], RULES)


def test_a_withdrawal_says_why_and_is_final():
    with pytest.raises(InputError, match="a withdrawal says why"):
        word("withdrawn", "data lead", "bob", note=" ")
    gone = word("withdrawn", "data lead", "bob", note="a leak")
    check_word(gone, APPROVED, RULES)
    assert standing((*APPROVED, gone), RULES) == Standing(stage="withdrawn", reason="a leak")
    with pytest.raises(ConflictError, match="withdrawn \\(a leak\\); that is final"):
        check_word(word("approved", "product owner", "dan"), (*REVIEWED, gone), RULES)


def test_a_recipe_without_roles_asks_one_other_person_each():
    free = Governance()
    check_word(word("reviewed", "reviewer", "bob"), [DRAFT], free)
    assert standing((DRAFT, word("reviewed", "reviewer", "bob")), free).missing == ("approver",)


def test_a_blank_name_and_a_long_note_are_refused():
    with pytest.raises(InputError, match="write a name of 1 to 200"):
        word("reviewed", "data lead", "  ")
    with pytest.raises(InputError, match="4,001 characters"):
        word("reviewed", "data lead", "bob", note="x" * 4_001)


def test_an_approved_version_may_leave_and_a_withdrawn_one_never():
    assert require_exportable(Standing(stage="approved"), RULES) == ""
    with pytest.raises(ConflictError, match="withdrawn: a leak"):
        require_exportable(Standing(stage="withdrawn", reason="a leak"), RULES, unapproved_ok=True)


def test_an_unapproved_version_leaves_only_where_nobody_is_named_or_somebody_says_so():
    draft = Standing(stage="draft", missing=("data lead",))
    with pytest.raises(ConflictError, match="the version is draft; not agreed yet: data lead"):
        require_exportable(draft, RULES)
    told = "the version is draft; not agreed yet: data lead"
    assert require_exportable(draft, RULES, unapproved_ok=True) == told
    assert require_exportable(draft, Governance()) == told
