"""What a question type is: which answers are valid and how far two of them are apart."""

from __future__ import annotations

from typing import ClassVar, Protocol

from preceptor.core.json_values import JsonValue
from preceptor.core.registry import Registry


class QuestionType(Protocol):
    """A plugin for one kind of question; a frozen dataclass whose fields are its settings.

    `distance` alone lets agreement and aggregation work for a new type untouched.
    """

    version: ClassVar[int]

    def read(self, value: JsonValue) -> JsonValue:
        """The answer in its one form (`"3"` from a CSV becomes 3 for a rating).

        Raises InputError, naming what is allowed, for an answer that is not.
        """
        ...

    def distance(self, first: JsonValue, second: JsonValue) -> float:
        """How far apart two answers are: 0 for the same, symmetric, never negative."""
        ...


question_types: Registry[QuestionType] = Registry(kind="question_type", folder="preceptor.labeling.question_types")
