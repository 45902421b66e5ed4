"""A rubric, a label task and an annotator's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import BadRow


@dataclass(frozen=True, kw_only=True)
class RubricExample:
    """A worked case: what is shown, the right answer, and why."""

    shown: str
    answer: JsonValue
    why: str


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """What annotators are asked and how to answer; `question` names a question type and its settings."""

    name: str
    title: str
    instructions: str
    question: JsonObject
    examples: tuple[RubricExample, ...] = ()
    counter_examples: tuple[RubricExample, ...] = ()
    edge_cases: tuple[RubricExample, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to label: what the annotator sees, under which version of which rubric.

    `item` is the outside name under which answers arrive in files (a trace's or a case's id).
    """

    id: str
    item: str
    trace_id: str | None
    rubric: str
    rubric_hash: str
    shown: JsonObject
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One annotator's answer to one task."""

    id: str
    task_id: str
    annotator: str
    value: JsonValue
    comment: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """An answer as it stands in a file; `number` is its line. The item is outside's name of the task."""

    number: int
    item: str
    annotator: str
    value: JsonValue
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class SubmitReport:
    """What became of a file of answers: read = added + already there + rejected."""

    num_read: int
    num_added: int
    num_already_there: int
    rejected: tuple[BadRow, ...] = ()
    annotators: tuple[str, ...] = field(default=())
