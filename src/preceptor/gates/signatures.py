"""Who signed the release off, who still has to, and which waivers stand open."""

from __future__ import annotations

from preceptor.gates.headline import SPOKEN
from preceptor.gates.report_types import ReportEvidence, SignatureRow, WaiverRow, WaiverState
from preceptor.gates.types import SignOff, Waiver


def signature_rows(evidence: ReportEvidence) -> tuple[SignatureRow, ...]:
    """A row for every role that the policy asks for, in its order, then those of others who signed.

    The newest word of a role counts; the earlier ones are not shown.
    """
    newest: dict[str, SignOff] = {}
    for sign_off in sorted(evidence.sign_offs, key=lambda one: (one.at, one.id)):
        newest[sign_off.role] = sign_off
    required = dict.fromkeys((*evidence.verdict.sign_offs, *evidence.missing_roles))
    others = [role for role in newest if role not in required]
    return tuple(_signature(role, newest.get(role), is_required=role in required) for role in (*required, *others))


def release_state(evidence: ReportEvidence) -> str:
    """One sentence: released by whom and when, or what it waits for."""
    if evidence.released_at is not None:
        by = evidence.released_by or "a person whose name was not recorded"
        return f"Released by {by}."
    rows = signature_rows(evidence)
    rejected = [f"{row.role} ({row.by})" for row in rows if row.state == "rejected"]
    if rejected:
        return f"Not released: held back by {', '.join(rejected)}."
    waiting = [row.role for row in rows if row.state == "not signed"]
    if evidence.verdict.verdict != "pass":
        return f"Not released: it is {SPOKEN[evidence.verdict.verdict]}, and only a GO can be approved."
    if waiting:
        return f"Not released: waits for {', '.join(waiting)}."
    return "Not released yet: every role that the policy asks for has approved." if rows else "Not released yet."


def waiver_rows(evidence: ReportEvidence) -> tuple[WaiverRow, ...]:
    """The waivers that this verdict used, then the open ones that it did not, then the ended; by end date."""
    known = {waiver.id: waiver for waiver in (*evidence.verdict.waivers, *evidence.waivers)}
    used = {result.waiver for result in evidence.verdict.criteria if result.waiver}
    used.update(waiver.id for waiver in evidence.verdict.waivers)
    rows = [WaiverRow(waiver=waiver, state=_waiver_state(waiver, used, evidence)) for waiver in known.values()]
    order: dict[WaiverState, int] = {"used": 0, "used, ended since": 0, "open, not used": 1, "ended": 2}
    return tuple(sorted(rows, key=lambda row: (order[row.state], row.waiver.until, row.waiver.id)))


def _signature(role: str, sign_off: SignOff | None, *, is_required: bool) -> SignatureRow:
    if sign_off is None:
        return SignatureRow(role=role, state="not signed", is_required=is_required)
    return SignatureRow(
        role=role,
        state="approved" if sign_off.decision == "approve" else "rejected",
        by=sign_off.by,
        at=sign_off.at,
        remark=sign_off.remark,
        is_required=is_required,
    )


def _waiver_state(waiver: Waiver, used: set[str], evidence: ReportEvidence) -> WaiverState:
    has_ended = waiver.until <= evidence.generated_at
    if waiver.id in used:
        return "used, ended since" if has_ended else "used"
    return "ended" if has_ended else "open, not used"
