"""The XML is what CI systems read: well-formed, of the common schema, and no success where there is none."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

from preceptor.core.errors import InputError
from preceptor.gates.report_types import VerdictView
from preceptor.gates.types import Verdict
from preceptor.gates.verdict_format import verdict_formats
from preceptor.gates.verdict_formats.junit import Junit

# The schema that Jenkins publishes for its xUnit plugin (junit-10.xsd): attributes, and children in their order.
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "disabled", "errors", "skipped"},
    "testsuite": {
        *("name", "tests", "failures", "errors", "time", "disabled", "skipped"),
        *("timestamp", "hostname", "id", "package"),
    },
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "assertions", "time", "classname", "status"},
    "skipped": {"type", "message"},
    "error": {"type", "message"},
    "failure": {"type", "message"},
    "system-out": set(),
    "system-err": set(),
}
REQUIRED = {"testsuite": {"name", "tests"}, "testcase": {"name", "classname"}, "property": {"name", "value"}}
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase", "system-out", "system-err"],
    "properties": ["property"],
    "testcase": ["skipped", "error", "failure"],
}


def _checked(text: str) -> Element:
    root = fromstring(text)  # noqa: S314 - what we wrote ourselves a line before
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib)
        order = [CHILDREN[element.tag].index(child.tag) for child in element]
        assert order == sorted(order)
    suite = root[0]
    cases = suite.findall("testcase")
    for name, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(name)) == int(root.get(name)) == sum(case.find(outcome) is not None for case in cases)
    assert int(suite.get("tests")) == len(cases) > 0
    return root


def _outcomes(root: Element) -> dict[str, str]:
    return {case.get("name"): case[0].tag if len(case) else "passed" for case in root.iter("testcase")}


def test_one_test_case_for_each_criterion_and_each_of_its_slices(verdict_view):
    found = _outcomes(_checked(Junit().render(verdict_view)))
    assert [(name.split(" <")[0], outcome) for name, outcome in found.items()] == [
        ("quality", "passed"),
        ("slices", "failure"),
        ("slices · intent=billing", "passed"),
        ("slices · intent=refund", "failure"),
        ("slices · intent=tax", "error"),
        ("latency", "skipped"),
        ("politeness", "skipped"),
        ("judge", "skipped"),
    ]


def test_inconclusive_can_be_shown_as_skipped(verdict_view):
    found = _outcomes(_checked(Junit(inconclusive="skipped").render(verdict_view)))
    assert "error" not in found.values()
    with pytest.raises(InputError):
        verdict_formats.create("junit", {"inconclusive": "passed"})


def test_a_waiver_says_who_gave_it_why_and_until_when(verdict_view):
    message = next(_checked(Junit().render(verdict_view)).iter("skipped")).get("message")
    assert message.startswith("waived by Ada ")
    assert "until 1 December 2026, 00:00 UTC: the new region opens on Monday" in message


def test_a_waiver_of_one_slice_excuses_only_that_slice(verdict_view):
    verdict = verdict_view.verdict
    name = verdict.criteria[1].slices[1].name
    waiver = replace(verdict.waivers[0], id="waiver_2", criterion="slices", slice=name)
    view = replace(verdict_view, verdict=replace(verdict, waivers=(*verdict.waivers, waiver)))
    found = _outcomes(_checked(Junit().render(view)))
    assert [outcome for name, outcome in found.items() if name.startswith("slices")] == [
        "failure",
        "passed",
        "skipped",
        "error",
    ]


def test_the_figures_stand_in_the_failure(verdict_view):
    failure = next(_checked(Junit().render(verdict_view)).iter("failure"))
    assert failure.text == "why slices\nvalue −0.050, [−0.100, 0.000], n 118"


@pytest.mark.parametrize(("verdict", "outcome"), [("fail", "failure"), ("inconclusive", "error"), ("pass", "passed")])
def test_a_refused_comparison_is_one_test_case(verdict, outcome):
    given = Verdict(verdict=verdict, criteria=(), policy_hash="0" * 64, reason="the runs used different graders")
    assert _outcomes(_checked(Junit().render(VerdictView(verdict=given)))) == {"verdict": outcome}


def test_a_refusal_is_not_hidden_by_criteria_that_pass(verdict_view):
    """The verdict is inconclusive although every criterion passes: something beside them said so."""
    refused = replace(
        verdict_view.verdict, verdict="inconclusive", criteria=verdict_view.verdict.criteria[:1], reason="other cases"
    )
    found = _outcomes(_checked(Junit().render(replace(verdict_view, verdict=refused))))
    assert found == {"verdict": "error", "quality": "passed"}


def test_a_verdict_that_only_advisory_criteria_share_is_still_told(verdict_view):
    """A policy without a critical criterion shows nothing: the file must not be all green."""
    advisory = replace(verdict_view.verdict.criteria[4], tier="advisory", name="judge")
    verdict = replace(verdict_view.verdict, verdict="inconclusive", criteria=(advisory,), reason="nothing is shown")
    found = _outcomes(_checked(Junit().render(replace(verdict_view, verdict=verdict))))
    assert found == {"verdict": "error", "judge": "skipped"}


@pytest.mark.parametrize("text", ["\x00\x08\x1b", "\ud800", "\ufffe\uffff", "]]>", "<a b='\"'>&", "a\nb\tc"])
def test_no_text_breaks_the_document(verdict_view, text):
    view = replace(verdict_view, candidate=text, verdict=replace(verdict_view.verdict, policy_name=text, notes=(text,)))
    _checked(Junit().render(view))
