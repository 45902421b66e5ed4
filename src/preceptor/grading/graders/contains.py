"""The output contains given texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.types import Sample, Score


@dataclass(frozen=True, kw_only=True)
class Contains:
    """1 when the output contains any, all or none of the values.

    Without `values` the target (or what stands at `target_path` in it) says them: one value
    or a list. In a list found at `path` whole elements are looked for, in anything else parts
    of its text.

    >>> Contains(values=("refund", "days"), match="all").grade(Sample(output="A refund takes 5 days.")).value
    1.0
    """

    version: ClassVar[int] = 1
    values: tuple[str, ...] = ()
    match: Literal["any", "all", "none"] = "any"
    path: str = ""
    target_path: str = ""
    ignore_case: bool = False

    def __post_init__(self) -> None:
        if "" in self.values:
            raise InputError("values holds an empty text, which every output contains; remove it")

    def grade(self, sample: Sample) -> Score:
        """1 or 0; the reason names what is missing, or there but unwanted."""
        values = self.values or self._wanted(sample)
        if not values:
            return Score(value=None, reason="neither the settings nor the target say which values to look for")
        part = read_part(sample.output, self.path)
        if isinstance(part, Unreadable):
            return Score(value=0.0, reason=part.reason)
        present = [value for value in values if self._has(part, value)]
        absent = [value for value in values if value not in present]
        if self.match == "none":
            reason = f"contains {', '.join(map(shown, present))}" if present else ""
            return Score(value=0.0 if present else 1.0, reason=reason)
        is_good = bool(present) if self.match == "any" else not absent
        return Score(value=float(is_good), reason="" if is_good else f"lacks {', '.join(map(shown, absent))}")

    def _wanted(self, sample: Sample) -> tuple[str, ...]:
        target = at_path(sample.target, self.target_path) if self.target_path else sample.target
        found = target if isinstance(target, list) else [target]
        return tuple(text for text in map(text_of, found) if text)

    def _has(self, part: JsonValue, value: str) -> bool:
        wanted = self._folded(value)
        if isinstance(part, list):
            return any(self._folded(text_of(item)) == wanted for item in part)
        return wanted in self._folded(text_of(part))

    def _folded(self, text: str) -> str:
        return text.casefold() if self.ignore_case else text
