from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preceptor.core.errors import ConflictError, InputError, NotFoundError
from preceptor.gates.store import ReleaseStore, SignOffStore, VerdictStore, WaiverStore
from preceptor.gates.types import CriterionResult, Release, SignOff, SliceResult, Verdict, Waiver
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


WAIVER = Waiver(
    id="waiver_1",
    policy="release",
    criterion="slices",
    by="ada",
    role="engineering",
    reason="known",
    until=NOW + timedelta(days=7),
    made_at=NOW,
    slice="intent=billing",
)
SIGN_OFF = SignOff(id="sign_1", verdict_id="verdict_1", role="product", by="pia", decision="approve", remark="", at=NOW)


def test_a_verdict_comes_back_with_its_slices_waivers_and_notes(database):
    part = SliceResult(
        name="intent=billing", verdict="fail", value=-0.3, interval=Interval(-0.5, -0.1), n=20, adjusted_p=0.001
    )
    result = replace(VERDICT.criteria[0], slices=(part,), waiver="waiver_1", name="slices", tier="supporting")
    verdict = replace(VERDICT, criteria=(result,), waivers=(WAIVER,), notes=("stale",), sign_offs=("product",))
    with database.write() as connection:
        VerdictStore(connection).add(verdict)
    with database.read() as connection:
        assert VerdictStore(connection).get("verdict_1") == verdict


def test_a_waiver_comes_back_the_same(database):
    with database.write() as connection:
        WaiverStore(connection).add(WAIVER)
    with database.read() as connection:
        assert WaiverStore(connection).get("waiver_1") == WAIVER
        with pytest.raises(NotFoundError, match="waiver_9"):
            WaiverStore(connection).get("waiver_9")


def test_a_policys_open_waivers_are_those_not_ended_and_not_withdrawn(database):
    others = [
        replace(WAIVER, id="ended", until=NOW + timedelta(days=1), made_at=NOW - timedelta(days=2)),
        replace(WAIVER, id="withdrawn"),
        replace(WAIVER, id="elsewhere", policy="nightly"),
        replace(WAIVER, id="earlier", made_at=NOW - timedelta(days=1)),
    ]
    with database.write() as connection:
        store = WaiverStore(connection)
        for waiver in (WAIVER, *others):
            store.add(waiver)
        assert store.withdraw("withdrawn", NOW).id == "withdrawn"
    with database.read() as connection:
        store = WaiverStore(connection)
        assert [one.id for one in store.list_open("release", NOW)] == ["ended", "earlier", "waiver_1"]
        assert [one.id for one in store.list_open("release", NOW + timedelta(days=1))] == ["earlier", "waiver_1"]
        assert [one.id for one in store.list_standing("release")] == ["ended", "earlier", "waiver_1"]
        assert store.list_open("other", NOW) == []


def test_withdrawing_twice_is_once_and_an_unknown_waiver_is_an_error(database):
    with database.write() as connection:
        store = WaiverStore(connection)
        store.add(WAIVER)
        assert store.withdraw("waiver_1", NOW) == store.withdraw("waiver_1", NOW + timedelta(days=1)) == WAIVER
        with pytest.raises(NotFoundError):
            store.withdraw("waiver_9", NOW)


def test_a_waiver_is_never_overwritten(database):
    with pytest.raises(ConflictError), database.write() as connection:
        WaiverStore(connection).add(WAIVER)
        WaiverStore(connection).add(replace(WAIVER, reason="another"))


def test_words_on_a_verdict_come_in_the_order_said(database):
    words = [SIGN_OFF, replace(SIGN_OFF, id="sign_0", at=NOW + timedelta(minutes=1)), replace(SIGN_OFF, id="sign_2")]
    with database.write() as connection:
        VerdictStore(connection).add(VERDICT)
        VerdictStore(connection).add(replace(VERDICT, id="verdict_2"))
        for word in (*words, replace(SIGN_OFF, id="sign_3", verdict_id="verdict_2")):
            SignOffStore(connection).add(word)
    with database.read() as connection:
        assert SignOffStore(connection).list_for("verdict_1") == [words[0], words[2], words[1]]
        assert SignOffStore(connection).list_for("verdict_9") == []


def test_a_release_is_kept_once(database):
    first = Release(verdict_id="verdict_1", by="pia", at=NOW)
    with database.write() as connection:
        VerdictStore(connection).add(VERDICT)
        store = ReleaseStore(connection)
        assert store.find("verdict_1") is None
        assert store.add(first) == first
        assert store.add(replace(first, by="tom", at=NOW + timedelta(days=1))) == first
    with database.read() as connection:
        assert ReleaseStore(connection).find("verdict_1") == first
