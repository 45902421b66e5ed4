"""Krippendorff's alpha: how far annotators agree beyond chance, for any distance and with missing answers.

Source: Krippendorff, Content Analysis (4th ed., 2019), chapter 12; Krippendorff (2011), Computing
Krippendorff's Alpha-Reliability. Alpha is 1 - D_o / D_e: the mean distance between two annotators'
answers to one item, over the mean distance between any two answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from preceptor.stats.agreement_distance import Metric

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SAME = 1e-12  # a disagreement below this part of the largest possible one is rounding


class Alpha(NamedTuple):
    """Alpha, or None with the reason why it is undefined."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerTable:
    """Answers in long form: answer n is by `annotators[n]` to `items[n]` and is `values[codes[n]]`.

    Only answers that can be paired are kept: an item with one answer says nothing about agreement.
    Answers are sorted by item, then annotator; each annotator answers an item at most once.
    """

    items: Codes
    annotators: Codes
    codes: Codes
    num_items: int
    num_annotators: int
    num_values: int

    @property
    def counts(self) -> Floats:
        """How often each value was given."""
        return np.bincount(self.codes, minlength=self.num_values).astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class ItemSums:
    """Sums over the answers to each item, each answer weighed: all that alpha needs of an item.

    Arrays are (items, replicates), `points` (dimensions, items, replicates): total weight, total
    squared weight, and the weighed squared norms and coordinates of the answers in the metric.
    """

    weight: Floats
    squares: Floats
    norms: Floats
    points: Floats

    def disagreement(self, metric: Metric) -> Floats:
        """Weight of the item times its mean distance between two answers of different annotators."""
        inertia = self.weight * self.norms - np.tensordot(metric.signs, self.points**2, axes=1)
        # An answer paired with itself has no distance, so it only has to leave the denominator:
        # with weights, that is also what keeps the copies of one annotator from agreeing with each other.
        pairs = self.weight**2 - self.squares
        distances = np.divide(2.0 * inertia, pairs, out=np.zeros_like(inertia), where=pairs > 0)
        distances[np.abs(distances) < SAME * metric.largest] = 0.0
        disagreement: Floats = self.weight * distances
        return disagreement


def answer_table(items: Sequence[int], annotators: Sequence[int], codes: Sequence[int], num_values: int) -> AnswerTable:
    """The table of the answers that can be paired; items and annotators are numbered anew, in their order."""
    item_array, annotator_array, code_array = (np.asarray(column, np.int64) for column in (items, annotators, codes))
    per_item = np.bincount(item_array) if len(item_array) else np.zeros(0, np.int64)
    keep = per_item[item_array] > 1 if len(item_array) else np.zeros(0, bool)
    item_array, annotator_array, code_array = item_array[keep], annotator_array[keep], code_array[keep]
    order = np.lexsort((annotator_array, item_array))
    item_names, item_array = np.unique(item_array[order], return_inverse=True)
    annotator_names, annotator_array = np.unique(annotator_array[order], return_inverse=True)
    return AnswerTable(
        items=item_array.astype(np.int64),
        annotators=annotator_array.astype(np.int64),
        codes=code_array[order],
        num_items=len(item_names),
        num_annotators=len(annotator_names),
        num_values=num_values,
    )


def krippendorff_alpha(table: AnswerTable, metric: Metric) -> Alpha:
    """Alpha of the answers; undefined without pairs, and where every answer is the same value.

    >>> from preceptor.stats.agreement_distance import nominal
    >>> answers = answer_table([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 0, 1], 2)
    >>> round(krippendorff_alpha(answers, nominal(2)).value, 4)
    0.4444
    """
    if table.num_items == 0:
        return Alpha(None, "no item has answers of two annotators, so nothing can be compared")
    expected = expected_distance(table, metric)
    if expected == 0.0:
        return Alpha(None, "all answers that can be compared are the same, so agreement by chance would be perfect too")
    sums = unweighted_sums(table, metric)
    observed = float(sums.disagreement(metric).sum() / sums.weight.sum())
    return Alpha(1.0 - observed / expected)


def expected_distance(table: AnswerTable, metric: Metric) -> float:
    """Mean distance between any two different answers, whoever gave them to whichever item."""
    total = len(table.codes)
    norms = float(table.counts @ metric.norms)
    points = table.counts @ metric.points
    expected = 2.0 * (total * norms - float(metric.signs @ points**2)) / (total * (total - 1))
    return expected if abs(expected) > SAME * metric.largest else 0.0


def unweighted_sums(table: AnswerTable, metric: Metric) -> ItemSums:
    """The sums with every answer counted once; one replicate."""

    def total(weights: Floats | None) -> Floats:
        return np.bincount(table.items, weights, minlength=table.num_items).astype(np.float64)[:, np.newaxis]

    counts = total(None)
    points = np.stack([total(column[table.codes]) for column in metric.points.T])
    return ItemSums(weight=counts, squares=counts, norms=total(metric.norms[table.codes]), points=points)
