"""What was scored, and a row for every case."""

from __future__ import annotations

import pytest

from preceptor.core.clock import Clock
from preceptor.core.errors import InputError
from preceptor.core.registry import PluginIdentity
from preceptor.evals.coverage import coverage, score_rows
from preceptor.evals.types import EvalCase, EvalRun, RunIdentity, SampleResult, ScoreRow, Suite
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message

GRADER = PluginIdentity(kind="grader", name="contains", version=1, settings={})
SUITE = Suite(
    name="s",
    cases=tuple(
        EvalCase(id=name, messages=(Message(role="user", content="?"),), cluster="u", slices=("intent=x",))
        for name in ("good", "bad", "crash", "down", "refused", "unasked")
    ),
    graders={"m": {"kind": "contains", "values": ["x"]}},
    primary="m",
)


def score(value: float | None, reason: str, status: str = "ok") -> MetricScore:
    return MetricScore(metric="m", value=value, reason=reason, grader=GRADER, status=status)


RESULTS = [
    SampleResult(case_id="bad", status="ok", output="b", scores=(score(0.0, "lacks x"),)),
    SampleResult(case_id="good", status="ok", output="x", scores=(score(1.0, ""),)),
    SampleResult(
        case_id="crash", status="grader_error", output="c", scores=(score(None, "ValueError: x", "grader_error"),)
    ),
    SampleResult(case_id="down", status="infra_error", output=None, error="time-out"),
    SampleResult(case_id="refused", status="model_error", output=None, error="filtered"),
    SampleResult(case_id="unasked", status="skipped", output=None, error="not asked: limit"),
]


def test_every_case_has_a_row_and_a_missing_score_its_reason():
    rows = score_rows(SUITE, RESULTS, "m")
    assert [(row.id, row.score, row.reason) for row in rows] == [
        ("good", 1.0, ""),
        ("bad", 0.0, "lacks x"),
        ("crash", None, "grader_error: ValueError: x"),
        ("down", None, "infra_error: time-out"),
        ("refused", None, "model_error: filtered"),
        ("unasked", None, "skipped: not asked: limit"),
    ]
    assert {(row.cluster, row.slices) for row in rows} == {("u", ("intent=x",))}


def test_a_case_that_was_never_run_has_a_row():
    assert score_rows(SUITE, [], "m")[0] == ScoreRow(
        id="good", score=None, reason="not run", cluster="u", slices=("intent=x",)
    )


def test_an_unknown_metric_is_refused():
    with pytest.raises(InputError, match="it has: m"):
        score_rows(SUITE, [], "n")


def test_coverage_counts_scored_of_attempted(clock: Clock):
    """Of 6 cases 5 were attempted, 2 have a score: a share of 2/5."""
    identity = RunIdentity(cases="c", graders="g", target="t")
    run = EvalRun(id="r", suite="s", target="t", identity=identity, primary="m", num_cases=6, started_at=clock())
    found = coverage(run, RESULTS)
    assert (found.num_cases, found.num_attempted, found.num_scored, found.share) == (6, 5, 2, 0.4)
    assert found.by_status == {"grader_error": 1, "infra_error": 1, "model_error": 1, "ok": 2, "skipped": 1}
    assert coverage(run, []).share is None
