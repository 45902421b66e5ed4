"""200 recorded trajectories of an airline's agent: from the public file to ranked failure modes.

Figures come from the data's own SOURCE.md (200 trajectories of 50 tasks with 4 trials each,
5,308 messages, 1,164 tool calls, pass^1 to pass^4 of .420/.273/.220/.200) and from counts in
the JSON file by hand: 84 rewards are 1, so 116 of 200 fail; in 36 trajectories a tool's result
begins with "Error".
"""

from __future__ import annotations

from collections import defaultdict
from math import comb
from pathlib import Path

import pytest

from preceptor.core.documents import parse_document
from preceptor.storage.database import Database, open_database
from preceptor.storage.migrate import upgrade
from preceptor.traces.detect import choose_format
from preceptor.traces.ingest import ingest
from preceptor.traces.store import TraceStore
from preceptor.traces.types import Trace
from preceptor.triage.diagnose import diagnose
from preceptor.triage.rank import rank_failure_modes
from preceptor.triage.store import FindingStore
from preceptor.triage.taxonomy import load_taxonomy

pytestmark = pytest.mark.shared_data

MAPPING = """\
id: [task_id, trial]
messages: traj
conversation: task_id
recorded_scores: {reward: reward}
metadata: {wanted_actions: info.task.actions}
"""

TAXONOMY = """\
detectors:
  - {kind: recorded_failure, score: reward, category: task_not_solved}
  - {kind: tool_error}
  - {kind: repetition}
  - {kind: empty_answer}
  - {kind: truncated}
categories:
  - {name: task_not_solved, title: The customer's task was not solved, severity: P1}
  - {name: tool_error, title: A tool refused the call, severity: P2}
"""


@pytest.fixture
def trajectories(shared_data: Path) -> Path:
    return shared_data / "tau_bench_airline_gpt4o" / "gpt-4o-airline.json"


def keep(database: Database, path: Path):
    payload_format = choose_format(path, mapping=parse_document(MAPPING, "mapping.yaml"))
    with database.write() as connection:
        return ingest(path, payload_format, TraceStore(connection))


@pytest.fixture(scope="module")
def traces(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Trace]:
    """The trajectories as they are stored, imported once for the tests that only read."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('tau') / 'traces.db'}")
    upgrade(database)
    keep(database, shared_data / "tau_bench_airline_gpt4o" / "gpt-4o-airline.json")
    with database.read() as connection:
        stored = list(TraceStore(connection).iter_all())
    database.close()
    return stored


def test_trajectories_become_ranked_failure_modes(database: Database, trajectories: Path):
    report = keep(database, trajectories)
    assert (report.format, report.num_read, report.num_added, report.rejected) == ("jsonl", 200, 200, ())
    taxonomy = load_taxonomy(parse_document(TAXONOMY, "taxonomy.yaml"))
    with database.write() as connection:
        for trace in TraceStore(connection).iter_all():
            FindingStore(connection).add_many(diagnose(trace, {}, taxonomy.detectors, taxonomy))
        modes = rank_failure_modes(FindingStore(connection).iter_all(), TraceStore(connection).count())
    counts = {mode.category: (mode.severity, mode.num_traces, mode.num_total) for mode in modes}
    assert [mode.category for mode in modes][:2] == ["task_not_solved", "tool_error"]
    assert counts["task_not_solved"] == ("P1", 116, 200)
    assert counts["tool_error"] == ("P2", 36, 200)
    assert "truncated" not in counts
    assert modes[0].rate == 0.58
    assert modes[0].interval[0] < 0.58 < modes[0].interval[1]


def test_importing_the_trajectories_twice_keeps_one(database: Database, trajectories: Path):
    keep(database, trajectories)
    again = keep(database, trajectories)
    assert (again.num_added, again.num_already_there, again.rejected) == (0, 200, ())


def test_nothing_of_the_trajectories_is_lost(traces: list[Trace]):
    """Messages and calls are counted in the stored traces: before the answer, the answer itself, and after it."""
    assert sum(len(trace.messages) + 1 + len(trace.later_messages) for trace in traces) == 5308
    assert sum(len(trace.turns) for trace in traces) == 5308
    assert sum(len(message.tool_calls) for trace in traces for message in trace.turns) == 1164
    assert sum(trace.later_messages[-1].role == "user" for trace in traces) == 149
    assert all(trace.output or trace.output_tool_calls for trace in traces)


def test_published_pass_hat_k_is_reproduced(traces: list[Trace]):
    """pass^k: the chance that k trials drawn from a task's four all succeed, over tasks (tau-bench, Yao et al. 2024)."""
    solved: dict[str | None, int] = defaultdict(int)
    for trace in traces:
        solved[trace.conversation] += trace.recorded_scores["reward"] == 1.0
    assert len(solved) == 50
    rates = [sum(comb(count, k) / comb(4, k) for count in solved.values()) / 50 for k in (1, 2, 3, 4)]
    assert rates == pytest.approx([0.42, 0.2733, 0.22, 0.20], abs=5e-5)


def test_no_address_of_a_customer_is_kept(traces: list[Trace]):
    said = [message.content for trace in traces for message in trace.turns]
    assert not any("@example.com" in text for text in said)
    assert any("[EMAIL_1]" in text for text in said)
