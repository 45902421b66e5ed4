"""What annotators' answers and labels say now, read from the stores."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection

from preceptor.datasets.from_labels import LabelledItem
from preceptor.labeling.store import AnswerStore, TaskStore
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.store import LabelStore
from preceptor.qc.types import Label
from preceptor.traces.store import TraceStore


def item_answers(connection: Connection, rubric_hash: str) -> list[ItemAnswer]:
    """Every answer under one version of a rubric, ordered by item and annotator."""
    return [
        ItemAnswer(item=one.item, annotator=one.answer.annotator, value=one.answer.value)
        for one in AnswerStore(connection).list_for_rubric(rubric_hash)
    ]


def labelled_items(connection: Connection, rubric_hash: str) -> list[LabelledItem]:
    """The traces that have a label now, with it, ordered by item."""
    tasks = {task.id: task for task in TaskStore(connection).list_for_rubric(rubric_hash)}
    annotators: dict[str, set[str]] = defaultdict(set)
    for one in AnswerStore(connection).list_for_rubric(rubric_hash):
        annotators[one.answer.task_id].add(one.answer.annotator)
    resolved = [one for one in LabelStore(connection).list_current(rubric_hash) if isinstance(one.result, Label)]
    traces = TraceStore(connection).find_many([str(tasks[one.task_id].trace_id) for one in resolved])
    return [
        LabelledItem(
            item=one.result.item,
            trace=traces[str(tasks[one.task_id].trace_id)],
            value=one.result.value,
            task_id=one.task_id,
            label_id=one.id,
            annotators=tuple(sorted(annotators[one.task_id])),
        )
        for one in resolved
        if isinstance(one.result, Label)
    ]
