"""pass@k and pass^k of a suite, and rows that are means over epochs."""

from __future__ import annotations

import pytest

from preceptor.core.registry import PluginIdentity
from preceptor.evals.coverage import score_rows
from preceptor.evals.epochs import epoch_figures
from preceptor.evals.types import EvalCase, SampleResult, Suite
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message

GRADER = PluginIdentity(kind="grader", name="contains", version=1, settings={})
SUITE = Suite(
    name="s",
    cases=tuple(EvalCase(id=name, messages=(Message(role="user", content="?"),), tags=("must_pass",)) for name in "ab"),
    graders={"m": {"kind": "contains", "values": ["x"]}},
    primary="m",
    epochs=4,
)


def tried(case_id: str, epoch: int, value: float | None) -> SampleResult:
    score = MetricScore(metric="m", value=value, reason="", grader=GRADER)
    return SampleResult(case_id=case_id, epoch=epoch, status="ok", output="x", scores=(score,))


ALL = [tried("a", n, 1.0) for n in range(1, 5)] + [
    tried("b", n, value) for n, value in enumerate((1.0, 0.99, 1.0, 0.0), 1)
]


def test_the_figures_are_those_of_the_formulas():
    """Case a passes 4 of 4, b 2 of 4 (0.99 is no pass).

    pass@2: (1 + 1 - C(2,2)/C(4,2)) / 2 = (1 + 5/6) / 2; pass^2: (1 + C(2,2)/C(4,2)) / 2 = (1 + 1/6) / 2.
    """
    figures = epoch_figures(SUITE, ALL, "m")
    assert [(one.k, one.num_cases) for one in figures] == [(1, 2), (2, 2), (3, 2), (4, 2)]
    assert [one.pass_at for one in figures] == pytest.approx([0.75, 11 / 12, 1.0, 1.0])
    assert [one.pass_hat for one in figures] == pytest.approx([0.75, 7 / 12, 0.5, 0.5])


def test_a_missing_try_is_no_failure():
    figures = epoch_figures(SUITE, ALL[:-1], "m")
    assert {(one.pass_at, one.pass_hat) for one in figures} == {(None, None)}
    assert figures[0].reason == "1 of 8 tries have no score, in 1 of 2 cases"


def test_a_cases_row_is_the_mean_over_its_epochs():
    """(1 + 0.99 + 1 + 0) / 4 = 0.7475."""
    rows = score_rows(SUITE, ALL, "m")
    assert [row.score for row in rows] == [1.0, pytest.approx(0.7475)]
    assert rows[0].tags == ("must_pass",)


def test_a_case_whose_epoch_lacks_its_score_has_none():
    down = SampleResult(case_id="b", epoch=4, status="infra_error", output=None, error="time-out")
    rows = score_rows(SUITE, [*ALL[:-1], down], "m")
    assert (rows[1].score, rows[1].reason) == (None, "epoch 4: infra_error: time-out")
    rows = score_rows(SUITE, ALL[:-2], "m")
    assert rows[1].reason == "epoch 3: not run (2 of 4 epochs have no score)"
