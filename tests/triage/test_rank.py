"""Failure modes are ranked by severity, then by how many traces they touch."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.core.registry import PluginIdentity
from preceptor.triage.rank import rank_failure_modes
from preceptor.triage.types import Finding

DETECTOR = PluginIdentity(kind="detector", name="x", version=1, settings={})


def finding(trace_id, category, severity="P2", root_cause="unknown"):
    return Finding(
        id=f"{trace_id}{category}{root_cause}", trace_id=trace_id, category=category, severity=severity,
        root_cause=root_cause, evidence={}, detector=DETECTOR,
    )  # fmt: skip


def test_grave_stands_above_frequent_and_unknown_last():
    findings = [
        finding("1", "rare_but_grave", "P0"),
        *(finding(str(number), "frequent", "P2") for number in range(5)),
        *(finding(str(number), "also_frequent", "P2") for number in range(5)),
        *(finding(str(number), "most_frequent", "P2") for number in range(6)),
        *(finding(str(number), "unsorted", "unknown") for number in range(9)),
        finding("1", "mild", "P3"),
    ]
    ranked = [mode.category for mode in rank_failure_modes(findings, 10)]
    assert ranked == ["rare_but_grave", "most_frequent", "also_frequent", "frequent", "mild", "unsorted"]


def test_trace_counts_once_in_a_category_and_once_for_each_cause():
    findings = [
        finding("1", "a", "P2", "x"),
        finding("1", "a", "P1", "x"),
        finding("1", "a", "P3", "y"),
        finding("2", "a", "P2", "y"),
    ]
    (mode,) = rank_failure_modes(findings, 4)
    assert (mode.num_traces, mode.rate, mode.severity, mode.trace_ids) == (2, 0.5, "P1", ("1", "2"))
    assert mode.root_causes == {"y": 2, "x": 1}


def test_interval_is_wilsons():
    """Newcombe (1998), table I, method 3: 81 of 263 gives .2553 to .3662."""
    (mode,) = rank_failure_modes([finding(str(number), "a") for number in range(81)], 263)
    assert mode.interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert mode.confidence == 0.95


def test_order_of_the_findings_does_not_matter():
    findings = [finding(str(number % 5), name, "P1", str(number % 3)) for number in range(20) for name in ("a", "b")]
    assert rank_failure_modes(findings, 9) == rank_failure_modes(list(reversed(findings)), 9)


def test_no_findings_make_no_modes():
    assert rank_failure_modes([], 0) == []


def test_more_failing_traces_than_traces_are_refused():
    with pytest.raises(InputError, match="num_total is 1"):
        rank_failure_modes([finding("1", "a"), finding("2", "a")], 1)
