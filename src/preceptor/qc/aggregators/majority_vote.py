"""The value that most annotators gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.replicates import once_each
from preceptor.qc.types import Label, Unresolved


@dataclass(frozen=True, kw_only=True)
class MajorityVote:
    """The most frequent answer to each item; its share of the answers is the confidence.

    A tie stays unresolved, and so does an item whose most frequent answer has less than
    `minimum_share` of its answers, or that has fewer than `minimum_answers`.

    >>> votes = [ItemAnswer(item="q1", annotator=name, value=value) for name, value in [("a", 1), ("b", "1"), ("c", 2)]]
    >>> MajorityVote().aggregate(votes)
    [Label(item='q1', value=1, confidence=0.6666666666666666, num_answers=3)]
    """

    version: ClassVar[int] = 1

    minimum_share: float = 0.5
    minimum_answers: int = 1

    def __post_init__(self) -> None:
        if not 0.0 <= self.minimum_share <= 1.0:
            raise InputError(f"minimum_share is {self.minimum_share!r}; give a number from 0 to 1")
        if self.minimum_answers < 1:
            raise InputError(f"minimum_answers is {self.minimum_answers!r}; give 1 or more")

    def aggregate(self, answers: Sequence[ItemAnswer]) -> list[Label | Unresolved]:
        """One result an item, in the order in which items first appear.

        Raises InputError where an annotator gave one item two different answers.
        """
        by_item: dict[str, list[JsonValue]] = {}
        for answer in once_each(answers):
            by_item.setdefault(answer.item, []).append(answer.value)
        return [self._of_item(item, values) for item, values in by_item.items()]

    def _of_item(self, item: str, values: list[JsonValue]) -> Label | Unresolved:
        total = len(values)
        if total < self.minimum_answers:
            reason = f"{total} answers, {self.minimum_answers} are asked for"
            return Unresolved(item=item, reason=reason, num_answers=total)
        votes = Counter(text_of(value) for value in values)
        most = max(votes.values())
        leaders = sorted(text for text, count in votes.items() if count == most)
        if len(leaders) > 1:
            named = ", ".join(repr(text) for text in leaders[:5])
            return Unresolved(item=item, reason=f"tie: {most} of {total} answers each for {named}", num_answers=total)
        if most < self.minimum_share * total:
            reason = f"{most} of {total} answers for {leaders[0]!r}, less than the share {self.minimum_share:g}"
            return Unresolved(item=item, reason=reason, num_answers=total)
        value = next(value for value in values if text_of(value) == leaders[0])
        return Label(item=item, value=value, confidence=most / total, num_answers=total)
