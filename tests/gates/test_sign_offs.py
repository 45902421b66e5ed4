from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from preceptor.gates.sign_offs import check_sign_off, missing_sign_offs, rejections, require_releasable
from preceptor.gates.types import SignOff, Verdict, Waiver

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GO = Verdict(
    verdict="pass", criteria=(), policy_hash="h" * 64, id="verdict_1", sign_offs=("engineering", "product", "safety")
)
PERMITTED = {"engineering": ("ada", "bob"), "product": (), "safety": ()}


def word(role, by, decision="approve", minute=0, remark="", **changes):
    made = SignOff(
        id=f"sign_{role}_{minute:03}",
        verdict_id="verdict_1",
        role=role,
        by=by,
        decision=decision,
        remark=remark,
        at=NOW + timedelta(minutes=minute),
    )
    return replace(made, **changes)


ALL = [word("engineering", "ada"), word("product", "pia"), word("safety", "tom")]


def test_every_role_is_missing_until_it_approves():
    assert missing_sign_offs(GO, []) == ("engineering", "product", "safety")
    assert missing_sign_offs(GO, ALL[1:2]) == ("engineering", "safety")
    assert missing_sign_offs(GO, ALL) == ()


def test_the_latest_word_of_a_role_counts_in_whatever_order_they_come():
    words = [word("product", "pia", minute=2), word("product", "pia", "reject", minute=1, remark="no")]
    assert missing_sign_offs(GO, [*ALL, *words]) == ()
    later = word("product", "pia", "reject", minute=3, remark="no")
    assert missing_sign_offs(GO, [later, *words, *ALL]) == ("product",)
    assert rejections(GO, [later, *words, *ALL]) == (later,)


def test_a_go_with_every_approval_is_releasable():
    require_releasable(GO, ALL, [])


def test_without_roles_a_go_needs_no_word():
    require_releasable(replace(GO, sign_offs=()), [], [])


@pytest.mark.parametrize(("verdict", "said"), [("fail", "NO-GO"), ("inconclusive", "INCONCLUSIVE")])
def test_only_a_go_is_released(verdict, said):
    with pytest.raises(ConflictError, match=f"it is {said}, and only a GO"):
        require_releasable(replace(GO, verdict=verdict), ALL, [])


def test_all_that_is_missing_is_named_at_once():
    words = [word("product", "pia", "reject", remark="the tone is wrong")]
    with pytest.raises(ConflictError) as raised:
        require_releasable(replace(GO, verdict="fail"), words, [])
    said = str(raised.value)
    assert "NO-GO" in said
    assert "pia (product) rejected it: the tone is wrong" in said
    assert "not approved yet by: engineering, safety" in said


def test_one_person_does_not_release_in_two_roles():
    words = [word("engineering", "ada"), word("product", "ada"), word("safety", "tom")]
    with pytest.raises(ConflictError, match="one person approved in several roles: ada"):
        require_releasable(GO, words, [])


def test_a_waiver_that_ended_or_was_withdrawn_holds_the_release_back():
    waiver = Waiver(
        id="waiver_1",
        policy="p",
        criterion="c",
        by="ada",
        role="engineering",
        reason="r",
        until=NOW,
        made_at=NOW,
    )
    verdict = replace(GO, waivers=(waiver,))
    require_releasable(verdict, ALL, [waiver])
    with pytest.raises(ConflictError, match="'verdict_1' cannot be released: waivers .* waiver_1; decide again"):
        require_releasable(verdict, ALL, [])


def test_a_permitted_actor_may_approve_a_go():
    check_sign_off(word("engineering", "bob"), GO, [], PERMITTED)
    check_sign_off(word("product", "anybody"), GO, ALL[:1], PERMITTED)


@pytest.mark.parametrize(
    ("new", "error", "said"),
    [
        (word("legal", "lea"), NotFoundError, "no sign-off of 'legal'; its roles: 'engineering', 'product', 'safety'"),
        (word("engineering", "eve"), NotAllowedError, "'eve' does not speak for 'engineering'; it may be: ada, bob"),
        (word("product", " "), InputError, "the actor is ' '"),
        (word("product", "pia", "reject"), InputError, "a rejection says why"),
        (word("product", "pia", remark="x" * 4001), InputError, "write at most 4,000"),
        (word("product", "ada"), NotAllowedError, "'ada' has approved as 'engineering' already"),
    ],
)
def test_a_word_that_cannot_count_is_refused(new, error, said):
    with pytest.raises(error, match=said):
        check_sign_off(new, GO, ALL[:1], PERMITTED)


def test_one_may_approve_again_in_ones_own_role():
    check_sign_off(word("engineering", "ada", minute=5), GO, ALL, PERMITTED)


def test_one_who_took_the_approval_back_may_speak_for_another_role():
    earlier = [word("engineering", "ada"), word("engineering", "ada", "reject", minute=1, remark="not me")]
    check_sign_off(word("product", "ada", minute=2), GO, earlier, PERMITTED)


def test_what_is_no_go_can_be_rejected_but_not_approved():
    no_go = replace(GO, verdict="fail")
    check_sign_off(word("product", "pia", "reject", remark="no"), no_go, [], PERMITTED)
    with pytest.raises(ConflictError, match="is NO-GO; only a GO can be approved"):
        check_sign_off(word("product", "pia"), no_go, [], PERMITTED)


@pytest.mark.parametrize("spelling", ["ADA", " ada ", "\uff41\uff44\uff41", "Ada"])
def test_another_spelling_is_no_other_person(spelling):
    with pytest.raises(NotAllowedError, match="has approved as 'engineering' already"):
        check_sign_off(word("safety", spelling), GO, ALL[:1], PERMITTED)
    with pytest.raises(ConflictError, match="one person approved in several roles"):
        require_releasable(GO, [*ALL[:2], word("safety", spelling)], [])


def test_a_name_with_control_characters_is_refused():
    with pytest.raises(InputError, match="the actor is"):
        check_sign_off(word("safety", "a\nb"), GO, [], PERMITTED)
