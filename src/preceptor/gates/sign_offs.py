"""Who must still approve a verdict before its candidate counts as released."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from preceptor.gates.headline import SPOKEN
from preceptor.gates.types import SignOff, Verdict, Waiver
from preceptor.governance.person_key import person_key

LONGEST_NAME = 200
LONGEST_REMARK = 4000


def check_sign_off(
    new: SignOff, verdict: Verdict, earlier: Sequence[SignOff], permitted: Mapping[str, Collection[str]]
) -> None:
    """Nothing when the word can be kept; `permitted` are the policy's roles with the actors who may speak for each.

    Only a GO can be approved; anything can be rejected. Raises NotFoundError for a role that
    the verdict does not ask for, NotAllowedError for an actor whom the policy does not name for it or
    who has approved in another role (two roles are two people), ConflictError for approving what
    is no GO, and InputError for a blank actor or a rejection that does not say why.
    """
    _check_texts(new)
    if new.role not in verdict.sign_offs:
        roles = ", ".join(repr(role) for role in verdict.sign_offs) or "none"
        raise NotFoundError(f"the verdict {verdict.id!r} asks for no sign-off of {new.role!r}; its roles: {roles}")
    actors = permitted.get(new.role, ())
    if actors and new.by not in actors:
        raise NotAllowedError(f"{new.by!r} does not speak for {new.role!r}; it may be: {', '.join(sorted(actors))}")
    if new.decision == "reject":
        return
    if verdict.verdict != "pass":
        raise ConflictError(f"the verdict {verdict.id!r} is {SPOKEN[verdict.verdict]}; only a GO can be approved")
    mine = person_key(new.by)
    others = [
        role for role, word in _latest(earlier).items() if person_key(word.by) == mine and word.decision == "approve"
    ]
    others = [role for role in others if role != new.role]
    if others:
        raise NotAllowedError(f"{new.by!r} has approved as {others[0]!r} already; {new.role!r} is for another person")


def missing_sign_offs(verdict: Verdict, sign_offs: Iterable[SignOff]) -> tuple[str, ...]:
    """The roles that have not approved, in the policy's order; each role's latest word counts."""
    latest = _latest(sign_offs)
    return tuple(role for role in verdict.sign_offs if role not in latest or latest[role].decision != "approve")


def rejections(verdict: Verdict, sign_offs: Iterable[SignOff]) -> tuple[SignOff, ...]:
    """The roles' latest words that hold the release back."""
    latest = _latest(sign_offs)
    return tuple(latest[role] for role in verdict.sign_offs if role in latest and latest[role].decision == "reject")


def require_releasable(verdict: Verdict, sign_offs: Sequence[SignOff], open_waivers: Collection[Waiver]) -> None:
    """Nothing when the candidate may count as released; ConflictError that names all that is missing.

    The verdict must be a GO, every role's latest word an approval, each by another person, and
    each waiver that the verdict rests on must still be open.
    """
    missing: list[str] = []
    if verdict.verdict != "pass":
        missing.append(f"it is {SPOKEN[verdict.verdict]}, and only a GO can be released")
    rejected = rejections(verdict, sign_offs)
    missing += [f"{one.by} ({one.role}) rejected it: {one.remark}" for one in rejected]
    silent = [role for role in missing_sign_offs(verdict, sign_offs) if role not in {one.role for one in rejected}]
    if silent:
        missing.append(f"not approved yet by: {', '.join(silent)}")
    approvals = [word for role, word in _latest(sign_offs).items() if role in verdict.sign_offs]
    people = [person_key(word.by) for word in approvals if word.decision == "approve"]
    twice = sorted({person for person in people if people.count(person) > 1})
    if twice:
        missing.append(f"one person approved in several roles: {', '.join(twice)}")
    still_open = {waiver.id for waiver in open_waivers}
    closed = [waiver.id for waiver in verdict.waivers if waiver.id not in still_open]
    if closed:
        missing.append(f"waivers that it rests on have ended or were withdrawn: {', '.join(closed)}; decide again")
    if missing:
        raise ConflictError(f"the verdict {verdict.id!r} cannot be released: {'; '.join(missing)}")


def _latest(sign_offs: Iterable[SignOff]) -> dict[str, SignOff]:
    """Each role's latest word; of equal moments, the one with the greater id."""
    return {one.role: one for one in sorted(sign_offs, key=lambda one: (one.at, one.id))}


def _check_texts(new: SignOff) -> None:
    if not new.by.strip() or not new.by.isprintable() or len(new.by) > LONGEST_NAME:
        raise InputError(f"the actor is {new.by[:LONGEST_NAME]!r}; write a name of 1 to {LONGEST_NAME} characters")
    if len(new.remark) > LONGEST_REMARK:
        raise InputError(f"the remark has {len(new.remark):,} characters; write at most {LONGEST_REMARK:,}")
    if new.decision == "reject" and not new.remark.strip():
        raise InputError("the remark is blank; a rejection says why")
