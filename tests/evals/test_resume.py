"""A run that is killed goes on: nothing finished is asked again, nothing is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from preceptor.evals.spending import run_spending
from preceptor.evals.store import RunStore, SampleStore
from preceptor.storage.database import Database, open_database
from preceptor.storage.migrate import upgrade

PROGRAM = Path(__file__).parent / "run_slowly.py"
NUM_CASES = 200
NUM_EPOCHS = 2
NUM_SAMPLES = NUM_CASES * NUM_EPOCHS
CONCURRENCY = 8
NUM_KILLS = 5


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def start(folder: Path) -> subprocess.Popen[bytes]:
    arguments = [
        f"sqlite:///{folder / 'test.db'}",
        folder / "asked",
        folder / "done",
        NUM_CASES,
        NUM_EPOCHS,
        CONCURRENCY,
    ]
    return subprocess.Popen([sys.executable, str(PROGRAM), *map(str, arguments)])


def wait_until_asked(process: subprocess.Popen[bytes], asked: Path, count: int) -> None:
    give_up = time.monotonic() + 60
    while len(lines(asked)) < count:
        assert process.poll() is None, f"it ended by itself with code {process.returncode}"
        assert time.monotonic() < give_up
        time.sleep(0.002)


def kept(database: Database) -> frozenset[str]:
    with database.read() as connection:
        runs = RunStore(connection).list_newest().items
        assert len(runs) <= 1
        return (
            frozenset(f"{case}:{epoch}" for case, epoch in SampleStore(connection).done_samples(runs[0].id))
            if runs
            else frozenset()
        )


def test_kill_9_at_random_moments_repeats_and_loses_nothing(tmp_path):
    """Killed 5 times: what was on disk is never asked again; only 8 under way and 8 answered just now may be."""
    database = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    upgrade(database)
    moments = random.Random(20261124)  # noqa: S311 - when to kill, not a secret
    asked, done = tmp_path / "asked", tmp_path / "done"
    for _ in range(NUM_KILLS):
        num_asked, kept_before = len(lines(asked)), kept(database)
        process = start(tmp_path)
        wait_until_asked(process, asked, num_asked + moments.randrange(1, NUM_SAMPLES // (NUM_KILLS + 1)))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert kept_before.isdisjoint(lines(asked)[num_asked:])
        assert kept_before <= kept(database)
        assert set(lines(done)) <= kept(database), "an acknowledged sample was lost"
    kept_before, num_asked = kept(database), len(lines(asked))
    assert 0 < len(kept_before) < NUM_SAMPLES
    assert start(tmp_path).wait() == 0
    assert kept_before.isdisjoint(lines(asked)[num_asked:])
    check_totals(database, asked)


def check_totals(database: Database, asked: Path) -> None:
    counts = Counter(lines(asked))
    assert len(counts) == NUM_SAMPLES
    assert counts.total() - NUM_SAMPLES <= NUM_KILLS * 2 * CONCURRENCY
    with database.read() as connection:
        (run,) = RunStore(connection).list_newest().items
        results = list(SampleStore(connection).iter_for_run(run.id))
    assert [(result.case_id, result.epoch) for result in results] == [
        (f"case-{number:04}", epoch) for number in range(NUM_CASES) for epoch in range(1, NUM_EPOCHS + 1)
    ]
    assert all(result.output == f"answer to {result.case_id}" for result in results)
    assert sum(result.scores[0].value or 0 for result in results) == NUM_SAMPLES / 2
    assert run_spending(results).target.output_tokens == 3 * NUM_SAMPLES


def test_ctrl_c_keeps_what_was_answered(tmp_path):
    """An interrupt ends the program by itself, and the next start asks only what is left."""
    database = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    upgrade(database)
    process = start(tmp_path)
    wait_until_asked(process, tmp_path / "asked", 100)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) != 0
    assert set(lines(tmp_path / "done")) <= kept(database)
    assert len(lines(tmp_path / "asked")) - len(kept(database)) <= CONCURRENCY
