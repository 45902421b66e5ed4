"""Give a waiver, and say which of those given hold when a verdict is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from preceptor.core.errors import InputError, NotAllowedError, NotFoundError
from preceptor.core.ids import content_id
from preceptor.gates.policy import Policy
from preceptor.gates.types import Waiver

LONGEST_NAME = 200
LONGEST_REASON = 4000


@dataclass(frozen=True, kw_only=True)
class WaiverRequest:
    """What a person asks to be let by: a rule of the policy (one of its slices, where named), until when and why."""

    criterion: str
    by: str
    role: str
    reason: str
    until: datetime
    slice: str = ""


class SortedWaivers(NamedTuple):
    """Those that hold, and one remark for each that does not."""

    valid: tuple[Waiver, ...]
    notes: tuple[str, ...]


def make_waiver(request: WaiverRequest, policy: Policy, now: datetime) -> Waiver:
    """The waiver, to be kept; the same request at the same moment has the same id.

    Raises NotFoundError for a rule that the policy has not, NotAllowedError for one that may
    not be waived and for an actor whom the policy does not name for the role, and InputError for
    a blank person, role or reason and for an end that is past or further ahead than the policy allows.
    """
    rule = policy.rule(request.criterion)
    if rule is None:
        names = ", ".join(repr(one.name) for one in policy.criteria)
        raise NotFoundError(f"the policy {policy.name!r} has no criterion {request.criterion!r}; it has: {names}")
    if not rule.waivable:
        raise NotAllowedError(
            f"{rule.name!r} of the policy {policy.name!r} cannot be waived: it says `waivable: false`"
        )
    _check_texts(request)
    if policy.sign_offs and request.role.strip() not in policy.sign_offs:
        raise NotFoundError(
            f"the policy {policy.name!r} has no role {request.role!r}; it has: {', '.join(policy.sign_offs)}"
        )
    permitted = policy.sign_offs.get(request.role.strip(), ())
    if permitted and request.by not in permitted:
        raise NotAllowedError(f"{request.by!r} does not speak for {request.role!r}; it may be: {', '.join(permitted)}")
    _check_end(request.until, policy, now)
    waiver = Waiver(
        id="",
        policy=policy.name,
        criterion=rule.name,
        by=request.by.strip(),
        role=request.role.strip(),
        reason=request.reason.strip(),
        until=request.until,
        made_at=now,
        slice=request.slice,
    )
    return replace(waiver, id=content_id("waiver", waiver))


def sort_waivers(waivers: Iterable[Waiver], policy: Policy, as_of: datetime | None) -> SortedWaivers:
    """The waivers of this policy that hold at a moment; without a moment none does. Others' are left out in silence."""
    valid: list[Waiver] = []
    notes: list[str] = []
    for waiver in waivers:
        if waiver.policy != policy.name:
            continue
        why_not = _why_not_valid(waiver, policy, as_of)
        if why_not:
            notes.append(f"the waiver {waiver.id!r} of {waiver.criterion!r} by {waiver.by} does not count: {why_not}")
        else:
            valid.append(waiver)
    return SortedWaivers(tuple(valid), tuple(notes))


def _why_not_valid(waiver: Waiver, policy: Policy, as_of: datetime | None) -> str:
    rule = policy.rule(waiver.criterion)
    if rule is None:
        return "the policy has no criterion of this name"
    if not rule.waivable:
        return "the policy does not let this criterion be waived"
    if as_of is None:
        return "the moment of deciding is not known"
    if as_of >= waiver.until:
        return f"it ended on {waiver.until:%Y-%m-%d}"
    if waiver.made_at > as_of:
        return "it was given after the moment of deciding"
    return ""


def _check_texts(request: WaiverRequest) -> None:
    limits = {"by": LONGEST_NAME, "role": LONGEST_NAME, "reason": LONGEST_REASON, "slice": LONGEST_NAME}
    for name, longest in limits.items():
        text: str = getattr(request, name)
        if not text.strip() and name != "slice":
            raise InputError(f"{name} is {text!r}; a waiver names a person, a role and a reason")
        if len(text) > longest:
            raise InputError(f"{name} has {len(text):,} characters; write at most {longest:,}")


def _check_end(until: datetime, policy: Policy, now: datetime) -> None:
    if until.tzinfo is None:
        raise InputError(f"until is {until.isoformat()!r}, without a time zone; write one, such as +00:00")
    if until <= now:
        raise InputError(f"until is {until:%Y-%m-%d}, which is past; a waiver ends on a day to come")
    if until > now + timedelta(days=policy.max_waiver_days):
        raise InputError(
            f"until is {until:%Y-%m-%d}, more than the {policy.max_waiver_days} days ahead that the policy allows; "
            "choose an earlier day"
        )
