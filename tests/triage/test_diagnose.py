"""What is known of a failure is said, and what is not stays unknown."""

from __future__ import annotations

import dataclasses

import pytest

from preceptor.core.errors import InputError
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.detectors.empty_answer import EmptyAnswer
from preceptor.triage.detectors.truncated import Truncated
from preceptor.triage.diagnose import diagnose
from preceptor.triage.taxonomy import Taxonomy
from preceptor.triage.types import Category

CUT = Trace(id="trace_1", source="jsonl", messages=(), output="", finish_reason="length")


def taxonomy(**changes):
    return Taxonomy(categories={"truncated": Category(**{"name": "truncated", "severity": "P1", **changes})})


def test_severity_is_the_detectors_own_or_else_the_taxonomys():
    findings = diagnose(CUT, {}, [Truncated(), Truncated(severity="P0")], taxonomy())
    assert [finding.severity for finding in findings] == ["P1", "P0"]


def test_category_that_the_taxonomy_does_not_know_has_unknown_severity():
    (finding,) = diagnose(CUT, {}, [Truncated(category="cut")], taxonomy())
    assert finding.severity == "unknown"


def test_root_cause_that_the_category_does_not_list_stays_unknown_and_is_kept_as_evidence():
    (finding,) = diagnose(CUT, {}, [Truncated()], taxonomy(root_causes=("model_too_small",)))
    assert finding.root_cause == "unknown"
    assert finding.evidence["unlisted_root_cause"] == "token_limit"


@pytest.mark.parametrize("listed", [(), ("token_limit", "other")])
def test_root_cause_is_kept_where_the_category_lists_it_or_none(listed):
    (finding,) = diagnose(CUT, {}, [Truncated()], taxonomy(root_causes=listed))
    assert finding.root_cause == "token_limit"


def test_findings_come_in_the_order_of_the_detectors_with_stable_ids():
    looking = [EmptyAnswer(), Truncated()]
    first, second = (diagnose(CUT, {}, looking, taxonomy()) for _ in range(2))
    assert [finding.category for finding in first] == ["empty_answer", "truncated"]
    assert first == second
    assert first[0].id != first[1].id


def test_other_settings_and_other_traces_make_other_findings():
    ids = {
        diagnose(dataclasses.replace(CUT, id=trace_id), {}, [detector], taxonomy())[0].id
        for trace_id in ("trace_1", "trace_2")
        for detector in (Truncated(), Truncated(finish_reasons=("length",)))
    }
    assert len(ids) == 4


@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb"])
def test_detection_under_an_unusable_name_is_refused(name):
    with pytest.raises(InputError, match="is no name"):
        Detection(category=name, evidence={})
