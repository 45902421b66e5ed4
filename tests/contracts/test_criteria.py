"""What every release criterion promises, tried on each that is registered."""

import dataclasses

import pytest

from preceptor.core.ids import content_hash
from preceptor.evals.types import ScoreRow
from preceptor.gates.criterion import criteria
from preceptor.gates.types import Evidence

SETTINGS = {
    "cost_budget": {"maximum": 1.0},
    "latency_budget": {"maximum": 1.0},
    "non_inferiority": {"margin": 0.02},
    "over_refusal_band": {"maximum": 0.05},
    "severity_weighted_defects": {"margin": 1.0},
    "slice_regression": {"margin": 0.05},
    "threshold": {"minimum": 0.5},
}
RULE_KEYS = {"kind", "name", "tier", "waivable"}
UNSCORED = [ScoreRow(id="a", score=None, reason="the judge gave no number")]
EMPTY = [
    Evidence(baseline={}, candidate={}, primary="m"),
    Evidence(baseline={"m": []}, candidate={"m": []}, primary="m"),
]


@pytest.fixture(params=criteria.names())
def criterion(request):
    return criteria.create(request.param, SETTINGS.get(request.param))


def test_it_is_a_frozen_dataclass_with_a_version_and_a_docstring(criterion):
    assert dataclasses.is_dataclass(criterion)
    assert type(criterion).__dataclass_params__.frozen
    assert type(criterion).version >= 1
    assert (type(criterion).__doc__ or "").splitlines()[0].endswith(".")
    settings = {field.name for field in dataclasses.fields(criterion)}
    assert "metric" in settings
    assert not settings & RULE_KEYS


@pytest.mark.parametrize("evidence", EMPTY)
def test_it_is_inconclusive_on_empty_evidence(criterion, evidence):
    result = criterion.judge(evidence)
    assert (result.verdict, result.value, result.n) == ("inconclusive", None, 0)
    assert result.reason


def test_it_never_passes_without_a_score(criterion):
    result = criterion.judge(Evidence(baseline={"m": UNSCORED}, candidate={"m": UNSCORED}, primary="m"))
    assert result.verdict != "pass"


def test_its_result_names_it_its_metric_and_its_settings(criterion):
    rows = {"other": [ScoreRow(id=str(number), score=1.0) for number in range(3)]}
    changed = dataclasses.replace(criterion, metric="other")
    result = changed.judge(Evidence(baseline=rows, candidate=rows, primary="m"))
    assert criteria.get(result.kind) is type(criterion)
    assert result.metric == "other"
    assert result.settings["metric"] == "other"
    assert content_hash(result)


def test_it_is_pure(criterion):
    rows = {"m": [ScoreRow(id=str(number), score=number / 70) for number in range(60)]}
    evidence = Evidence(baseline=rows, candidate=rows, primary="m")
    assert criterion.judge(evidence) == criterion.judge(evidence)


def test_it_leaves_name_tier_and_waiver_to_the_policy(criterion):
    result = criterion.judge(EMPTY[0])
    assert (result.name, result.tier, result.waiver) == ("", "critical", "")


def test_its_verdict_does_not_hang_on_the_order_of_the_rows(criterion):
    rows = [ScoreRow(id=str(number), score=float(number % 7 > 0), slices=("severity=P3",)) for number in range(80)]
    changed = dataclasses.replace(criterion, metric="m")
    results = [
        changed.judge(Evidence(baseline={"m": rows}, candidate={"m": side}, primary="m")) for side in (rows, rows[::-1])
    ]
    assert results[0].verdict == results[1].verdict


def test_it_survives_the_way_into_a_record(criterion):
    """Intervals and figures must be finite: JSON has no infinity."""
    rows = {"m": [ScoreRow(id=str(number), score=float(number > 1), tags=("must_pass",)) for number in range(4)]}
    result = dataclasses.replace(criterion, metric="m").judge(Evidence(baseline=rows, candidate=rows, primary="m"))
    assert content_hash(result)
