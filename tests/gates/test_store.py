from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preceptor.core.errors import ConflictError, InputError, NotFoundError
from preceptor.gates.store import VerdictStore
from preceptor.gates.types import CriterionResult, Verdict
from preceptor.stats.types import Interval

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VERDICT = Verdict(
    verdict="inconclusive",
    criteria=(
        CriterionResult(
            kind="non_inferiority",
            verdict="inconclusive",
            value=0.0,
            interval=Interval(-0.0201, 0.0201),
            n=182,
            required_n=183,
            reason="too few",
            metric="correct",
            settings={"margin": 0.02, "scale": [0, 1]},
        ),
        CriterionResult(
            kind="coverage", verdict="inconclusive", value=None, interval=None, n=0, required_n=None, reason="none"
        ),
    ),
    policy_hash="h" * 64,
    policy_name="release",
    id="verdict_1",
    baseline_run="run_1",
    candidate_run="run_2",
    decided_at=NOW,
)


def test_what_is_kept_comes_back_the_same(database):
    with database.write() as connection:
        VerdictStore(connection).add(VERDICT)
    with database.read() as connection:
        found = VerdictStore(connection).get("verdict_1")
    assert found == VERDICT
    assert isinstance(found.criteria[0].interval, Interval)


def test_an_unknown_id_is_none_or_an_error(database):
    with database.read() as connection:
        assert VerdictStore(connection).find("verdict_9") is None
        with pytest.raises(NotFoundError, match="verdict_9"):
            VerdictStore(connection).get("verdict_9")


def test_a_verdict_is_never_overwritten(database):
    with database.write() as connection:
        VerdictStore(connection).add(VERDICT)
    with pytest.raises(ConflictError), database.write() as connection:
        VerdictStore(connection).add(replace(VERDICT, verdict="pass"))
    with database.read() as connection:
        assert VerdictStore(connection).get("verdict_1").verdict == "inconclusive"


@pytest.mark.parametrize("missing", [{"id": None}, {"decided_at": None}])
def test_a_verdict_without_id_or_moment_is_refused(database, missing):
    with database.write() as connection, pytest.raises(InputError, match="set both"):
        VerdictStore(connection).add(replace(VERDICT, **missing))


def test_the_newest_come_first_page_by_page(database):
    """Equal moments are told apart by id, and no page repeats or loses one."""
    with database.write() as connection:
        store = VerdictStore(connection)
        for number in range(5):
            store.add(replace(VERDICT, id=f"verdict_{number}", decided_at=NOW + timedelta(seconds=number // 2)))
    with database.read() as connection:
        store = VerdictStore(connection)
        seen, cursor = [], None
        while True:
            page = store.list_newest(cursor=cursor, limit=2)
            seen += [verdict.id for verdict in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == ["verdict_4", "verdict_3", "verdict_2", "verdict_1", "verdict_0"]
