"""The answer says the same again and again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.evidence import quote
from preceptor.triage.types import Severity

WORD = re.compile(r"\S+")
LONGEST_CYCLE_WORDS = 40
LEAST_REPEATED_WORDS = 12
MAX_WORDS = 20_000


class _Cycle(NamedTuple):
    """Words `start` to `end` repeat with this period."""

    period: int
    start: int
    end: int

    @property
    def times(self) -> int:
        return (self.end - self.start) // self.period


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """A run of 1 to 40 words that stands `times` times or more in a row, over at least 12 words.

    A line that repeats is such a run. Repeats with something between them, as in a table, are not.

    >>> trace = Trace(id="trace_1", source="jsonl", messages=(), output="I am sorry. " * 6)
    >>> Repetition().detect(trace, {}).evidence["times"]
    6
    """

    version: ClassVar[int] = 1

    times: int = 4
    category: str = "repetition"
    severity: Severity | None = None

    def __post_init__(self) -> None:
        """Refuse a number of times that every text reaches."""
        if self.times < 2:  # noqa: PLR2004 - everything stands once
            raise InputError(f"times is {self.times!r}; write 2 or more")

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:  # noqa: ARG002 - the trace alone shows it
        """The longest repeated run, quoted once with its first place."""
        words = list(WORD.finditer(trace.output))[:MAX_WORDS]
        cycle = self._longest([word.group() for word in words])
        if cycle is None:
            return None
        first, last = words[cycle.start], words[cycle.start + cycle.period - 1]
        evidence: JsonObject = {
            "times": cycle.times,
            "num_words": cycle.end - cycle.start,
            "output": quote(trace.output, first.start(), last.end()),
        }
        return Detection(category=self.category, evidence=evidence, severity=self.severity)

    def _longest(self, words: list[str]) -> _Cycle | None:
        """The longest run; of two as long the one with the shorter period."""
        best: _Cycle | None = None
        for period in range(1, min(LONGEST_CYCLE_WORDS, len(words) // self.times) + 1):
            for cycle in _cycles(words, period):
                is_long = cycle.end - cycle.start >= LEAST_REPEATED_WORDS and cycle.times >= self.times
                if is_long and (best is None or cycle.end - cycle.start > best.end - best.start):
                    best = cycle
        return best


def _cycles(words: list[str], period: int) -> list[_Cycle]:
    found: list[_Cycle] = []
    start = 0
    for at in range(period, len(words) + 1):
        if at == len(words) or words[at] != words[at - period]:
            if at - start > period:
                found.append(_Cycle(period, start, at))
            start = at - period + 1
    return found
