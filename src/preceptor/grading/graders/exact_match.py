"""The output, or a value in its JSON, is the wanted one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.types import Sample, Score


@dataclass(frozen=True, kw_only=True)
class ExactMatch:
    """1 when the output equals the target.

    `path` reads a value inside the output's JSON and `target_path` one inside the target;
    empty means all of it. `ignore_case` and `ignore_space` (runs of white space count as one
    space, ends are cut) soften the comparison of texts. With `any_of` the target is a list of
    which any element will do. Types count: the text "5" is not the number 5, except where the
    whole output, which is always a text, is compared. No target: no score.

    >>> sample = Sample(output='{"category": "Billing"}', target={"category": "billing"})
    >>> ExactMatch(path="category", target_path="category", ignore_case=True).grade(sample).value
    1.0
    """

    version: ClassVar[int] = 1
    path: str = ""
    target_path: str = ""
    ignore_case: bool = False
    ignore_space: bool = False
    any_of: bool = False

    def grade(self, sample: Sample) -> Score:
        """1 for the same, 0 with both values in the reason for another."""
        target = at_path(sample.target, self.target_path) if self.target_path else sample.target
        if target is None:
            place = f" at {self.target_path!r}" if self.target_path else ""
            return Score(value=None, reason=f"the case has no target{place} to compare with")
        part = read_part(sample.output, self.path)
        if isinstance(part, Unreadable):
            return Score(value=0.0, reason=part.reason)
        wanted = target if self.any_of and isinstance(target, list) else [target]
        if any(self._is_same(part, value) for value in wanted):
            return Score(value=1.0)
        return Score(value=0.0, reason=f"{shown(part)} is not {shown(target)}")

    def _is_same(self, part: JsonValue, target: JsonValue) -> bool:
        first = self._softened(part)
        second = self._softened(target if self.path or isinstance(target, str) else text_of(target))
        return _typed(first) == _typed(second)

    def _softened(self, value: JsonValue) -> JsonValue:
        if not isinstance(value, str):
            return value
        text = " ".join(value.split()) if self.ignore_space else value
        return text.casefold() if self.ignore_case else text


def _typed(value: JsonValue) -> object:
    """A form in which Python does not take True for 1."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    return value
