"""Links are walked once each, in both directions, and loops end."""

from __future__ import annotations

from preceptor.governance.provenance import walk
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.lineage import trace_back, trace_forward

CHAIN = [
    Link(made="verdict_1", relation="decided_on", source="run_1"),
    Link(made="run_1", relation="examples_from", source="dataset_1"),
    Link(made="dataset_1", relation="built_from", source="label_1"),
    Link(made="dataset_1", relation="built_from", source="label_2"),
    Link(made="label_1", relation="resolved_from", source="task_1"),
    Link(made="label_2", relation="resolved_from", source="task_2"),
    Link(made="task_1", relation="asks_about", source="trace_1"),
    Link(made="task_2", relation="asks_about", source="trace_2"),
]


def test_a_verdict_leads_back_to_its_traces(database):
    with database.write() as connection:
        LinkStore(connection).add(CHAIN)
    with database.read() as connection:
        lineage = trace_back(connection, "verdict_1")
    assert lineage.counts == {"dataset": 1, "label": 2, "run": 1, "task": 2, "trace": 2}
    assert lineage.links[0].source == "run_1"
    assert len(lineage.links) == len(CHAIN)


def test_a_trace_leads_on_to_its_verdicts(database):
    with database.write() as connection:
        LinkStore(connection).add(CHAIN)
    with database.read() as connection:
        assert trace_forward(connection, "trace_2").counts == {
            "dataset": 1,
            "label": 1,
            "run": 1,
            "task": 1,
            "verdict": 1,
        }
        assert trace_forward(connection, "trace_9").links == ()


def test_a_loop_ends():
    loop = [Link(made="a_1", relation="r", source="b_1"), Link(made="b_1", relation="r", source="a_1")]
    assert len(walk("a_1", lambda record: [link for link in loop if link.made == record])) == 2
