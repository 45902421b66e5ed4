from dataclasses import replace
from datetime import UTC, datetime

import pytest

from preceptor.core.errors import ConflictError
from preceptor.evals.comparable import require_comparable
from preceptor.evals.types import EvalRun, RunIdentity

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RUN = EvalRun(
    id="run_1",
    suite="support",
    target="plain",
    identity=RunIdentity(cases="c1", graders="g1", target="t1"),
    primary="correct",
    num_cases=3,
    started_at=NOW,
    finished_at=NOW,
)


def test_runs_of_other_targets_can_be_compared():
    require_comparable(RUN, replace(RUN, id="run_2", identity=replace(RUN.identity, target="t2")))


@pytest.mark.parametrize("changed", ["cases", "graders"])
def test_runs_on_other_cases_or_graders_are_refused(changed):
    other = replace(RUN, id="run_2", identity=replace(RUN.identity, **{changed: "other"}))
    with pytest.raises(ConflictError, match=f"'run_1' and 'run_2' used different {changed}") as refused:
        require_comparable(RUN, other)
    assert refused.value.exit_code == 4


def test_all_that_differs_is_named():
    other = replace(RUN, identity=RunIdentity(cases="c2", graders="g2", target="t1"))
    with pytest.raises(ConflictError, match="cases .* and graders"):
        require_comparable(RUN, other)


def test_an_unknown_identity_is_not_the_same():
    unknown = replace(RUN, identity=RunIdentity(cases="", graders="g1", target="t1"))
    with pytest.raises(ConflictError, match="cases"):
        require_comparable(unknown, unknown)


def test_an_unfinished_run_is_refused():
    with pytest.raises(ConflictError, match="'run_2' is not finished"):
        require_comparable(RUN, replace(RUN, id="run_2", finished_at=None))
