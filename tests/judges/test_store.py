from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preceptor.core.errors import ConflictError, NotFoundError
from preceptor.evals.store import RunStore
from preceptor.evals.types import EvalRun, RunIdentity
from preceptor.judges.calibrate import CalibrationPlan, calibrate
from preceptor.judges.store import CalibrationStore, HumanScoreStore
from preceptor.judges.types import Figure, HumanLabel, HumanScore, JudgedAnswer, Probe
from preceptor.stats.types import Interval

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def run(database):
    run = EvalRun(
        id="run_1",
        suite="support",
        target="plain",
        identity=RunIdentity(cases="a", graders="b", target="c"),
        primary="helpful",
        num_cases=3,
        started_at=NOW,
    )
    with database.write() as connection:
        RunStore(connection).add(run)
    return run


def score(case_id, value, annotator="ann", metric="helpful", epoch=1):
    label = HumanLabel(case_id=case_id, value=value, annotator=annotator, epoch=epoch, reason="so")
    return HumanScore(run_id="run_1", metric=metric, label=label, made_at=NOW)


def record(judge="ab12", moment=NOW):
    answers = [JudgedAnswer(case_id=str(case), score=float(case % 2), slices=("intent=a",)) for case in range(40)]
    labels = [HumanLabel(case_id=str(case), value=float(case % 2)) for case in range(40)]
    probe = Probe(name="length", figure=Figure(value=0.1, interval=Interval(0.0, 0.2), n=40))
    return calibrate(answers, labels, CalibrationPlan(judge=judge, metric="helpful"), moment, [probe])


def test_scores_come_back_ordered(database, run):
    scores = [score("b", 1.0), score("a", 0.5, epoch=2), score("a", 0.0), score("a", 1.0, annotator="")]
    with database.write() as connection:
        assert HumanScoreStore(connection).add_many([*scores, score("a", 1.0, metric="polite")]) == 5
    with database.read() as connection:
        store = HumanScoreStore(connection)
        assert list(store.iter_for("run_1", "helpful")) == [scores[3], scores[2], scores[1], scores[0]]
        assert list(store.iter_for("run_2", "helpful")) == []
        assert store.list_metrics("run_1") == ["helpful", "polite"]


def test_the_same_score_again_changes_nothing(database, run):
    later = replace(score("a", 1.0), made_at=NOW + timedelta(days=1))
    with database.write() as connection:
        assert HumanScoreStore(connection).add_many([score("a", 1.0), score("a", 1.0)]) == 1
        assert HumanScoreStore(connection).add_many([later]) == 0
        assert list(HumanScoreStore(connection).iter_for("run_1", "helpful")) == [score("a", 1.0)]


def test_another_value_for_a_kept_label_is_a_conflict(database, run):
    with database.write() as connection:
        HumanScoreStore(connection).add_many([score("a", 1.0)])
    with (
        pytest.raises(ConflictError, match="'a', epoch 1, 'helpful' by 'ann' is 1 already, not 0"),
        database.write() as connection,
    ):
        HumanScoreStore(connection).add_many([score("b", 1.0), score("a", 0.0)])
    with database.read() as connection:
        assert len(list(HumanScoreStore(connection).iter_for("run_1", "helpful"))) == 1


def test_nothing_to_keep_is_fine(database):
    with database.write() as connection:
        assert HumanScoreStore(connection).add_many([]) == 0


def test_a_calibration_comes_back_as_it_was(database):
    with database.write() as connection:
        CalibrationStore(connection).add(record())
        CalibrationStore(connection).add(record())
    with database.read() as connection:
        assert CalibrationStore(connection).get(record().id) == record()
        assert CalibrationStore(connection).list_newest().items == [record()]


def test_the_newest_record_of_a_judge_is_found(database):
    old, new, other = record(moment=NOW - timedelta(days=1)), record(), record("cd34", NOW + timedelta(days=1))
    with database.write() as connection:
        store = CalibrationStore(connection)
        for one in (new, old, other):
            store.add(one)
        assert store.find_newest("ab12") == new
        assert store.find_newest("nobody") is None
        assert store.find("calibration_none") is None
        with pytest.raises(NotFoundError, match="calibration_none"):
            store.get("calibration_none")


def test_records_are_listed_page_by_page(database):
    records = [record(moment=NOW + timedelta(hours=hour)) for hour in range(3)]
    with database.write() as connection:
        store = CalibrationStore(connection)
        for one in [*records, record("cd34")]:
            store.add(one)
        first = store.list_newest(judge="ab12", limit=2)
        assert first.items == [records[2], records[1]]
        assert store.list_newest(judge="ab12", limit=2, cursor=first.next_cursor).items == [records[0]]
        assert len(store.list_newest().items) == 4
