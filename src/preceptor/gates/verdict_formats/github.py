"""Annotations on a GitHub workflow run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from preceptor.core.shown_text import brief, visible
from preceptor.gates.headline import SPOKEN, counts, criterion_name, headline, most_urgent_first
from preceptor.gates.report_types import VerdictView
from preceptor.gates.types import CriterionResult

MOST_OF_A_KIND = 10
"""GitHub shows ten annotations of a kind for a step and drops the rest."""

LONGEST_TITLE = 120
LONGEST_MESSAGE = 600

Kind = Literal["error", "warning", "notice"]


class Annotation(NamedTuple):
    """One remark on the workflow run."""

    kind: Kind
    title: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Github:
    r"""Workflow commands, one a line: `::error` for what fails, `::warning` for what is not settled.

    Notes on the verdict are warnings. What is waived or only advisory is a notice, and so is a
    GO. At most ten of a kind; the tenth then counts the rest. No text can start a command of its own.

    >>> from preceptor.gates.types import Verdict
    >>> verdict = Verdict(verdict="fail", criteria=(), policy_hash="0" * 64, reason="50% lost,\nall of them refunds")
    >>> print(Github().render(VerdictView(verdict=verdict)), end="")
    ::error title=NO-GO::50%25 lost,%0Aall of them refunds
    """

    version: ClassVar[int] = 1

    def render(self, view: VerdictView) -> str:
        """The commands; print them on standard output of a step."""
        found = [*_of_verdict(view), *(_of_criterion(one) for one in most_urgent_first(view.verdict) if _is_told(one))]
        kinds: tuple[Kind, ...] = ("error", "warning", "notice")
        shown = (one for kind in kinds for one in _at_most([one for one in found if one.kind == kind]))
        return "".join(f"{_command(one)}\n" for one in shown)


def _of_verdict(view: VerdictView) -> Iterator[Annotation]:
    verdict = view.verdict
    said = headline(verdict)
    kinds: dict[str, Kind] = {"fail": "error", "inconclusive": "warning", "pass": "notice"}
    sides = f": {view.candidate} against {view.baseline}" if view.candidate and view.baseline else ""
    message = f"{said.why} {said.needed}".strip()
    yield Annotation(kinds[verdict.verdict], f"{SPOKEN[verdict.verdict]}{sides}", message)
    for note in verdict.notes:
        yield Annotation("warning", "Read this with the verdict", note)


def _is_told(result: CriterionResult) -> bool:
    return result.verdict != "pass"


def _of_criterion(result: CriterionResult) -> Annotation:
    state = "waived" if result.waiver else ("" if result.tier == "critical" else result.tier)
    title = f"{criterion_name(result)}: {result.verdict}{f' ({state})' if state else ''}"
    kind: Kind = "notice"
    if counts(result):
        kind = "error" if result.verdict == "fail" else "warning"
    lost = [part.name for part in result.slices if part.verdict == "fail"]
    slices = f" Slices: {', '.join(lost)}." if lost else ""
    return Annotation(kind, title, f"{result.reason or 'no reason was recorded'}{slices}")


def _at_most(found: list[Annotation]) -> list[Annotation]:
    if len(found) <= MOST_OF_A_KIND:
        return found
    left = len(found) - MOST_OF_A_KIND + 1
    more = Annotation(found[0].kind, f"{left} more", "They stand in the summary of this job.")
    return [*found[: MOST_OF_A_KIND - 1], more]


def _command(one: Annotation) -> str:
    title = _escaped(brief(one.title, LONGEST_TITLE)).replace(":", "%3A").replace(",", "%2C")
    return f"::{one.kind} title={title}::{_escaped(brief(one.message, LONGEST_MESSAGE))}"


def _escaped(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
