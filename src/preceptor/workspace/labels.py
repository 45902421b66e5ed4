"""Label tasks, annotators' answers and the labels that they support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from preceptor.core.errors import NotFoundError
from preceptor.definitions import Definitions
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.kept_findings import traces_with
from preceptor.kept_labels import item_answers
from preceptor.labeling.answer_files import read_answer_rows
from preceptor.labeling.assign import assign
from preceptor.labeling.rubric import LoadedRubric
from preceptor.labeling.store import AnswerStore, TaskStore
from preceptor.labeling.submit import submit
from preceptor.labeling.types import SubmitReport, Task
from preceptor.qc.aggregator import aggregators
from preceptor.qc.agreement import measure_agreement, scale_of
from preceptor.qc.resolve import as_resolutions, resolve
from preceptor.qc.store import LabelStore
from preceptor.qc.types import Agreement, Label, Resolution
from preceptor.traces.store import TraceStore
from preceptor.traces.types import Trace
from preceptor.workspace.core import Core


@dataclass(frozen=True)
class Labels:
    """Label tasks, annotators' answers and the labels that they support."""

    core: Core

    def create_tasks(self, rubric_name: str, category: str | None = None, limit: int | None = None) -> list[Task]:
        """Label tasks of the traces with this failure (of all traces where none is named), in the order of ids."""
        rubric = self.core.definitions.rubric(rubric_name)
        with self.core.change("labels.create_tasks") as change:
            traces = list(islice(_candidates(change.connection, self.core.definitions, category), limit))
            if not traces:
                raise NotFoundError(f"no trace has a finding of the category {category!r}; run triage, or name another")
            tasks = assign(traces, rubric.rubric, rubric.hash, self.core.clock())
            num_new = TaskStore(change.connection).add(tasks)
            asks = [Link(made=t.id, relation="asks_about", source=t.trace_id) for t in tasks if t.trace_id]
            LinkStore(change.connection).add(asks)
            self.core.keep(self.core.definitions.document("rubrics", rubric_name))
            change.subject = rubric_name
            change.details = {"rubric_hash": rubric.hash, "category": category, "tasks": len(tasks), "new": num_new}
        return tasks

    def import_answers(self, path: Path, rubric_name: str) -> SubmitReport:
        """Keep annotators' answers of a CSV or JSONL file; a row that does not fit is in the report, with its line."""
        rubric = self.core.definitions.rubric(rubric_name)
        rows = read_answer_rows(path)
        with self.core.change("labels.import_answers") as change:
            tasks = TaskStore(change.connection).list_for_rubric(rubric.hash)
            existing = [one.answer for one in AnswerStore(change.connection).list_for_rubric(rubric.hash)]
            submission = submit(rows, tasks, existing, rubric.question_type, self.core.clock())
            AnswerStore(change.connection).add(submission.accepted)
            change.subject = rubric_name
            change.details = {
                "file": path.name,
                "added": submission.report.num_added,
                "already_there": submission.report.num_already_there,
                "rejected": len(submission.report.rejected),
            }
        return submission.report

    def agreement(self, rubric_name: str) -> Agreement:
        """How far the annotators of a rubric agree, by the distance of its question."""
        with self.core.database.read() as connection:
            return agreement_of(connection, self.core.definitions.rubric(rubric_name))

    def resolve(self, rubric_name: str, aggregator_name: str = "majority_vote") -> list[Resolution]:
        """One label an item, or the reason why there is none, ordered by item; kept beside earlier ones."""
        rubric, aggregator = self.core.definitions.rubric(rubric_name), aggregators.create(aggregator_name)
        with self.core.change("labels.resolve") as change:
            answers = item_answers(change.connection, rubric.hash)
            tasks = {task.item: task.id for task in TaskStore(change.connection).list_for_rubric(rubric.hash)}
            identity = aggregators.identify(aggregator)
            resolutions = as_resolutions(resolve(answers, aggregator), tasks, identity, self.core.clock())
            LabelStore(change.connection).add(resolutions)
            LinkStore(change.connection).add(
                [Link(made=one.id, relation="resolved_from", source=one.task_id) for one in resolutions]
            )
            num_labels = sum(isinstance(one.result, Label) for one in resolutions)
            change.subject = rubric_name
            change.details = {
                "aggregator": identity.name,
                "labels": num_labels,
                "unresolved": len(resolutions) - num_labels,
            }
        return resolutions


def agreement_of(connection: Connection, rubric: LoadedRubric) -> Agreement:
    """How far the annotators agree, from their answers as they are now."""
    return measure_agreement(item_answers(connection, rubric.hash), scale=scale_of(rubric.question_type))


def _candidates(connection: Connection, definitions: Definitions, category: str | None) -> Iterator[Trace]:
    if category is None:
        return TraceStore(connection).iter_all()
    return traces_with(connection, definitions.taxonomy(), category)
