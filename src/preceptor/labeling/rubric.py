"""Read a rubric file and make the question that it asks."""

from __future__ import annotations

from dataclasses import dataclass

from preceptor.core.construct import Path, Problems, construct
from preceptor.core.documents import Document
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.labeling.question_type import QuestionType, question_types
from preceptor.labeling.types import Rubric, RubricExample


@dataclass(frozen=True, kw_only=True)
class LoadedRubric:
    """A rubric, the hash of what its file says, and the question type with its settings."""

    rubric: Rubric
    hash: str
    question_type: QuestionType


def load_rubric(document: Document) -> LoadedRubric:
    """The rubric in a definition file.

    `question` is a mapping with `kind` and that question type's settings. Raises InputError with
    every mistake and its line, also for an example whose answer the question does not allow.
    """
    problems = document.problems()
    rubric = construct(Rubric, document.value, problems)
    question = document.value.get("question") if isinstance(document.value, dict) else None
    question_type = _question_type(question, problems) if isinstance(question, dict) else None
    if rubric is not None:
        _check_texts(rubric, problems)
    if rubric is not None and question_type is not None:
        _check_examples(rubric, question_type, problems)
    problems.raise_if_any()
    if rubric is None or question_type is None:
        raise InputError(f"{document.source}: empty; write name, title, instructions and question")
    return LoadedRubric(rubric=rubric, hash=document.hash, question_type=question_type)


def make_question_type(question: JsonObject, source: str) -> QuestionType:
    """The question type of a rubric's `question`; InputError, beginning with `source`, for every mistake in it."""
    problems = Problems(source)
    made = _question_type(question, problems)
    problems.raise_if_any()
    if made is None:
        raise InputError(f"{source}: no question type; write kind")
    return made


def _question_type(question: JsonObject, problems: Problems) -> QuestionType | None:
    kind = question.get("kind")
    at: Path = ("question",)
    if not isinstance(kind, str):
        known = ", ".join(question_types.names())
        problems.add((*at, "kind") if "kind" in question else at, f"'kind' must name a question type: {known}")
        return None
    settings = {key: value for key, value in question.items() if key != "kind"}
    return question_types.construct(kind, settings, problems, at)


def _check_texts(rubric: Rubric, problems: Problems) -> None:
    for name in ("name", "title", "instructions"):
        if not str(getattr(rubric, name)).strip():
            problems.add((name,), "is empty; write a text")


def _check_examples(rubric: Rubric, question_type: QuestionType, problems: Problems) -> None:
    groups: dict[str, tuple[RubricExample, ...]] = {
        "examples": rubric.examples,
        "counter_examples": rubric.counter_examples,
        "edge_cases": rubric.edge_cases,
    }
    for name, examples in groups.items():
        for index, example in enumerate(examples):
            try:
                question_type.read(example.answer)
            except InputError as error:
                problems.add((name, index, "answer"), str(error))
