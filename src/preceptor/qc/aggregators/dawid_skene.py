"""The likeliest value when annotators differ in how often, and how, they err."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.replicates import given
from preceptor.qc.types import Label, Unresolved
from preceptor.stats import aggregation

TIE = 1e-6


@dataclass(frozen=True, kw_only=True)
class DawidSkene:
    """The likeliest class of each item under Dawid and Skene's model (1979); its chance is the confidence.

    The model learns each annotator's errors from all items, so it wants many answers by each.
    Several answers of one annotator to one item all count. A tie stays unresolved, and so does
    an item whose likeliest class has a chance below `minimum_confidence`.

    >>> votes = [("q1", "a", "x"), ("q1", "b", "x"), ("q2", "a", "y"), ("q2", "b", "y"), ("q2", "c", "x")]
    >>> answers = [ItemAnswer(item=item, annotator=name, value=value) for item, name, value in votes]
    >>> [label.value for label in DawidSkene().aggregate(answers)]
    ['x', 'y']
    """

    version: ClassVar[int] = 1

    minimum_confidence: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.minimum_confidence <= 1.0:
            raise InputError(f"minimum_confidence is {self.minimum_confidence!r}; give a number from 0 to 1")

    def aggregate(self, answers: Sequence[ItemAnswer]) -> list[Label | Unresolved]:
        """One result an item, in the order in which items first appear."""
        kept = given(answers)
        if not kept:
            return []
        items = {item: number for number, item in enumerate(dict.fromkeys(answer.item for answer in kept))}
        annotators = {name: number for number, name in enumerate(dict.fromkeys(answer.annotator for answer in kept))}
        values: dict[str, JsonValue] = {}
        for answer in kept:
            values.setdefault(text_of(answer.value), answer.value)
        classes = {text: number for number, text in enumerate(sorted(values))}
        item_numbers = [items[answer.item] for answer in kept]
        model = aggregation.dawid_skene(
            item_numbers,
            [annotators[answer.annotator] for answer in kept],
            [classes[text_of(answer.value)] for answer in kept],
        )
        counts = np.bincount(item_numbers)
        named = [values[text] for text in classes]
        return [
            self._of_item(item, model.posteriors[number], named, int(counts[number])) for item, number in items.items()
        ]

    def _of_item(
        self, item: str, chances: aggregation.Floats, values: Sequence[JsonValue], num_answers: int
    ) -> Label | Unresolved:
        best = int(chances.argmax())
        highest = float(min(chances[best], 1.0))
        level = [number for number, chance in enumerate(chances) if highest - chance < TIE]
        if len(level) > 1:
            named = ", ".join(repr(values[number]) for number in level[:5])
            return Unresolved(item=item, reason=f"tie: {named} have the same chance", num_answers=num_answers)
        if highest < self.minimum_confidence:
            reason = f"{values[best]!r} has a chance of {highest:.3f}, below {self.minimum_confidence:g}"
            return Unresolved(item=item, reason=reason, num_answers=num_answers)
        return Label(item=item, value=values[best], confidence=highest, num_answers=num_answers)
