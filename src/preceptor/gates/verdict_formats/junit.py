"""JUnit XML, as GitLab, Jenkins, Azure and most CI systems read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from preceptor.core.figures import count, figure, interval_text, moment
from preceptor.core.shown_text import brief, visible
from preceptor.gates.headline import SPOKEN, counts, criterion_name, headline
from preceptor.gates.report_types import VerdictView
from preceptor.gates.types import CriterionResult, SliceResult, Verdict

NOT_IN_XML = re.compile("[\ufffe\uffff]")
LONGEST_NAME = 200
LONGEST_TEXT = 4_000

Outcome = Literal["passed", "failure", "error", "skipped"]


class TestCase(NamedTuple):
    """One line of a CI system's list of tests."""

    group: str
    name: str
    outcome: Outcome
    message: str
    details: str


@dataclass(frozen=True, kw_only=True)
class Junit:
    """One test case for each criterion and each of its slices; a failed criterion is a `failure`.

    An inconclusive one is an `error`: the test could not be carried out, and a release must not
    pass for want of evidence. `inconclusive: skipped` shows it as skipped instead, which most CI
    systems count as no objection. What holds nothing back (waived, advisory, or supporting and not
    settled) is skipped, with the reason. A verdict that no criterion explains is a test case of
    its own, so that an empty file is never a success.

    >>> from preceptor.gates.types import Verdict
    >>> verdict = Verdict(verdict="fail", criteria=(), policy_hash="0" * 64, policy_name="release", reason="x < y")
    >>> print(Junit().render(VerdictView(verdict=verdict)).splitlines()[-6].strip())
    <failure message="x &lt; y" type="fail">x &lt; y</failure>
    """

    version: ClassVar[int] = 1

    inconclusive: Literal["error", "skipped"] = "error"

    def render(self, view: VerdictView) -> str:
        """The XML document."""
        cases = list(self._cases(view.verdict))
        root = Element("testsuites", {"name": _xml(f"release gate {view.verdict.policy_name}".strip())})
        suite = SubElement(root, "testsuite", _suite_attributes(view.verdict))
        for element in (root, suite):
            for name, number in _totals(cases).items():
                element.set(name, str(number))
        properties = SubElement(suite, "properties")
        for name, value in _properties(view):
            SubElement(properties, "property", {"name": name, "value": _xml(value)})
        for case in cases:
            _write(case, suite)
        SubElement(suite, "system-out").text = _xml("\n".join(view.verdict.notes))
        SubElement(suite, "system-err")
        indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"

    def _cases(self, verdict: Verdict) -> Iterator[TestCase]:
        group = f"release gate.{verdict.policy_name or 'policy'}"
        if not any(result.verdict == verdict.verdict and counts(result) for result in verdict.criteria):
            said = headline(verdict).why
            yield TestCase(group, "verdict", self._outcome(verdict.verdict, ""), said, said)
        for result in verdict.criteria:
            name = criterion_name(result)
            pardon = _pardon(result, verdict)
            outcome = self._outcome(result.verdict, pardon)
            yield TestCase(group, name, outcome, pardon or result.reason, _details(result, result.method))
            for part in result.slices:
                slice_pardon = pardon or _slice_pardon(result, part, verdict)
                slice_outcome = self._outcome(part.verdict, slice_pardon)
                details = _details(part, "")
                yield TestCase(group, f"{name} · {part.name}", slice_outcome, slice_pardon or part.reason, details)

    def _outcome(self, decision: str, pardon: str) -> Outcome:
        if decision == "pass":
            return "passed"
        if pardon:
            return "skipped"
        return "failure" if decision == "fail" else self.inconclusive


def _pardon(result: CriterionResult, verdict: Verdict) -> str:
    """Why a criterion that does not pass holds nothing back; empty where it does."""
    if result.waiver:
        return _waived(result.waiver, verdict)
    return "" if counts(result) else f"{result.tier}, {result.verdict}: {result.reason}"


def _slice_pardon(result: CriterionResult, part: SliceResult, verdict: Verdict) -> str:
    names = {result.name, result.kind}
    found = [one.id for one in verdict.waivers if one.criterion in names and one.slice == part.name]
    return _waived(found[0], verdict) if found else ""


def _waived(waiver_id: str, verdict: Verdict) -> str:
    for waiver in verdict.waivers:
        if waiver.id == waiver_id:
            return f"waived by {waiver.by} ({waiver.role}) until {moment(waiver.until)}: {waiver.reason}"
    return f"waived by {waiver_id}"


def _details(result: CriterionResult | SliceResult, method: str) -> str:
    needed = "" if result.required_n is None else f", n needed {count(result.required_n)}"
    said = f"value {figure(result.value)}, {interval_text(result.interval)}, n {count(result.n)}{needed}"
    return "\n".join(part for part in (result.reason, said, method) if part)


def _suite_attributes(verdict: Verdict) -> dict[str, str]:
    # The older schema wants all of these; a moment has no zone there, and UTC is meant.
    attributes = {"name": _xml(verdict.policy_name or "policy"), "id": "0", "package": "release gate"}
    attributes["hostname"] = "localhost"
    if verdict.decided_at is not None:
        attributes["timestamp"] = f"{verdict.decided_at:%Y-%m-%dT%H:%M:%S}"
    return attributes


def _totals(cases: list[TestCase]) -> dict[str, int]:
    outcomes = [case.outcome for case in cases]
    return {
        "tests": len(cases),
        "failures": outcomes.count("failure"),
        "errors": outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
        "time": 0,
    }


def _properties(view: VerdictView) -> Iterator[tuple[str, str]]:
    verdict = view.verdict
    yield "verdict", SPOKEN[verdict.verdict]
    yield "policy_hash", verdict.policy_hash
    for name, value in (
        ("verdict_id", verdict.id),
        ("baseline", view.baseline or verdict.baseline_run),
        ("candidate", view.candidate or verdict.candidate_run),
    ):
        if value:
            yield name, value


def _write(case: TestCase, suite: Element) -> None:
    attributes = {"classname": _xml(case.group), "name": _xml(brief(case.name, LONGEST_NAME)), "time": "0"}
    element = SubElement(suite, "testcase", attributes)
    if case.outcome == "passed":
        return
    outcome = SubElement(element, case.outcome, {"message": _xml(brief(case.message, LONGEST_TEXT))})
    if case.outcome != "skipped":
        outcome.set("type", "fail" if case.outcome == "failure" else "inconclusive")
        outcome.text = _xml(brief(case.details, LONGEST_TEXT))


def _xml(text: str) -> str:
    """The text without what XML cannot hold: control characters and halves of pairs are written out."""
    return NOT_IN_XML.sub("\ufffd", visible(text))
