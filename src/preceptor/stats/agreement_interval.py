"""How sure alpha is: a bootstrap over items and annotators that lets no annotator agree with a copy of himself.

A bootstrap that draws annotators draws some of them twice, and copies agree perfectly: the interval lies
above the estimate. One that draws only items takes these annotators for all there are: far too narrow where
annotators differ. Here annotators are drawn with replacement, but two copies of one are never compared; in
a second pass items get random weights. The two variances are added: what chance does to single answers is
then in both, so the interval is somewhat too wide where all annotators are alike, and right where they differ.

Source: Owen (2007), The pigeonhole bootstrap, and Owen & Eckles (2012), Bootstrapping data arrays of
arbitrary order (why erring to the wide side is the best to be had); Cameron, Gelbach & Miller (2011), Robust
inference with multiway clustering (adding the variances); Efron & Tibshirani (1993), section 5.3 (the factor
n / (n - 1)); Rubin (1981), The Bayesian bootstrap (exponential weights, with the factor (n + 1) / (n - 1) that
makes their variance that of a mean of n); Wilson & Hilferty (1931), The distribution of chi-square (the cube
root makes the skewed 1 - alpha nearly normal).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import stdtrit

from preceptor.stats.agreement import (
    AnswerTable,
    Floats,
    ItemSums,
    expected_distance,
    krippendorff_alpha,
    unweighted_sums,
)
from preceptor.stats.agreement_distance import Metric
from preceptor.stats.types import Interval

NUM_REPLICATES = 1000
MIN_ANNOTATORS = 5
CELLS_AT_ONCE = 2_000_000
DENSE_FROM = 0.1

NOBODY_DISAGREED = "nobody disagreed; the interval's lower end is what so few items cannot rule out"


class AlphaInterval(NamedTuple):
    """The interval of alpha, or None; `reason` says why there is none, or what the interval does not cover."""

    interval: Interval | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Patterns:
    """Items answered alike by the same annotators, collapsed: one item stands for `counts` of them."""

    table: AnswerTable
    counts: Floats


@dataclass
class _Totals:
    """What alpha needs of all items, for each replicate."""

    disagreement: Floats
    weight: Floats
    squares: Floats
    norms: Floats
    points: Floats

    @classmethod
    def zero(cls, num_replicates: int, num_dimensions: int) -> _Totals:
        """The totals of no item."""
        disagreement, weight, squares, norms = np.zeros((4, num_replicates))
        return cls(disagreement, weight, squares, norms, np.zeros((num_dimensions, num_replicates)))

    def add(self, sums: ItemSums, metric: Metric, weights: Floats, square_weights: Floats) -> None:
        """Count these items in, each weighed; either the sums or the weights have one replicate."""
        self.disagreement += _weighed(sums.disagreement(metric), weights)
        self.weight += _weighed(sums.weight, weights)
        self.squares += _weighed(sums.squares, square_weights)
        self.norms += _weighed(sums.norms, weights)
        self.points += np.stack([_weighed(column, weights) for column in sums.points])

    def spread(self, metric: Metric) -> float:
        """The variance of the cube root of 1 - alpha over the replicates."""
        inertia = self.weight * self.norms - metric.signs @ self.points**2
        # A draw without pairs, or with one value only, has no alpha.
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = 2.0 * inertia / (self.weight**2 - self.squares)
            roots = np.cbrt(self.disagreement / self.weight / expected)
        return float(np.var(roots[np.isfinite(roots)], ddof=1))


def alpha_interval(
    table: AnswerTable, metric: Metric, confidence: float, seed: int, num_replicates: int = NUM_REPLICATES
) -> AlphaInterval:
    """The interval of `krippendorff_alpha`; it holds the estimate, and the same seed gives the same one.

    With 5 annotators or more it covers other items and other annotators of the same kind; with
    fewer only other items, and says so. It is Student's t on the cube root of 1 - alpha, so never
    above 1. Where nobody disagreed, its lower end is what the items cannot rule out
    (Clopper-Pearson for the share of items with a disagreement, each as large as can be).
    """
    alpha = krippendorff_alpha(table, metric)
    if alpha.value is None:
        return AlphaInterval(None, alpha.reason)
    if table.num_items < 2:  # noqa: PLR2004 - one item has no spread
        return AlphaInterval(None, "only one item has answers of two annotators, so there is no spread to measure")
    expected = expected_distance(table, metric)
    lowest = 1.0 - metric.largest / expected
    if alpha.value == 1.0:
        share = 1.0 - ((1.0 - confidence) / 2.0) ** (1.0 / table.num_items)
        return AlphaInterval(Interval(1.0 - share * metric.largest / expected, 1.0), NOBODY_DISAGREED)
    is_items_only = table.num_annotators < MIN_ANNOTATORS
    patterns, rng = collapse(table), np.random.default_rng(seed)
    variance, groups = _item_variance(patterns, metric, rng, num_replicates), table.num_items
    if not is_items_only:
        variance += _annotator_variance(patterns, metric, rng, num_replicates)
        groups = min(groups, table.num_annotators)
    width = float(stdtrit(groups - 1, (1.0 + confidence) / 2.0)) * float(np.sqrt(variance))
    centre = float(np.cbrt(1.0 - alpha.value))
    low, high = 1.0 - (centre + width) ** 3, 1.0 - max(centre - width, 0.0) ** 3
    interval = Interval(min(max(low, lowest), alpha.value), max(high, alpha.value))
    return AlphaInterval(interval, _items_only(table.num_annotators) if is_items_only else "")


def collapse(table: AnswerTable) -> Patterns:
    """The different patterns of answers, each with how many items show it."""
    starts = np.flatnonzero(np.diff(table.items, prepend=-1))
    cells = table.annotators * table.num_values + table.codes
    patterns: dict[bytes, int] = {}
    of_item = np.empty(table.num_items, np.int64)
    for item, cell_group in enumerate(np.split(cells, starts[1:])):
        of_item[item] = patterns.setdefault(cell_group.tobytes(), len(patterns))
    _, first = np.unique(of_item, return_index=True)
    is_first = np.zeros(table.num_items, bool)
    is_first[first] = True
    kept = is_first[table.items]
    collapsed = AnswerTable(
        items=of_item[table.items[kept]],
        annotators=table.annotators[kept],
        codes=table.codes[kept],
        num_items=len(first),
        num_annotators=table.num_annotators,
        num_values=table.num_values,
    )
    return Patterns(table=collapsed, counts=np.bincount(of_item).astype(np.float64))


def _item_variance(patterns: Patterns, metric: Metric, rng: np.random.Generator, num_replicates: int) -> float:
    """The variance of the cube root of 1 - alpha when other items are drawn."""
    num_dimensions, num_items = metric.points.shape[1], patterns.counts.sum()
    totals = _Totals.zero(num_replicates, num_dimensions)
    once = unweighted_sums(patterns.table, metric)
    for chunk in _chunks(len(patterns.counts), num_replicates):
        counts = patterns.counts[chunk.start : chunk.stop, np.newaxis]
        weights = rng.standard_gamma(counts, (len(counts), num_replicates))
        # The squares of n exponential weights with a given sum are expected to be 2 / (n + 1) of its square.
        totals.add(_slice(once, chunk), metric, weights, weights**2 * 2.0 / (counts + 1.0))
    return totals.spread(metric) * float((num_items + 1) / (num_items - 1))


def _annotator_variance(patterns: Patterns, metric: Metric, rng: np.random.Generator, num_replicates: int) -> float:
    """The variance of the cube root of 1 - alpha when other annotators are drawn."""
    num_dimensions, num_annotators = metric.points.shape[1], patterns.table.num_annotators
    totals = _Totals.zero(num_replicates, num_dimensions)
    equally = np.full(num_annotators, 1.0 / num_annotators)
    drawn = rng.multinomial(num_annotators, equally, size=num_replicates).T.astype(np.float64)
    for chunk in _chunks(len(patterns.counts), num_replicates * (num_dimensions + 3)):
        counts = patterns.counts[chunk.start : chunk.stop, np.newaxis]
        totals.add(_weighted_sums(patterns.table, metric, drawn, chunk), metric, counts, counts)
    return totals.spread(metric) * num_annotators / (num_annotators - 1)


def _weighted_sums(table: AnswerTable, metric: Metric, drawn: Floats, chunk: range) -> ItemSums:
    low, high = np.searchsorted(table.items, (chunk.start, chunk.stop))
    place = (table.items[low:high] - chunk.start, table.annotators[low:high])
    codes = table.codes[low:high]
    shape = (len(chunk), table.num_annotators)

    def total(of_answers: Floats, weights: Floats) -> Floats:
        matrix = sparse.csr_array((of_answers, place), shape=shape)
        # Dense products run in the processor's fast lane; sparse ones skip what is missing.
        is_dense = len(codes) > DENSE_FROM * shape[0] * shape[1]
        product: Floats = (matrix.toarray() if is_dense else matrix) @ weights
        return product

    ones = np.ones(len(codes))
    weight, squares = total(ones, drawn), total(ones, drawn**2)
    # An item that has lost all but one of its annotators in a draw has nothing to compare in it.
    is_paired = weight**2 > squares
    return ItemSums(
        weight=weight * is_paired,
        squares=squares * is_paired,
        norms=total(metric.norms[codes], drawn) * is_paired,
        points=np.stack([total(column[codes], drawn) * is_paired for column in metric.points.T]),
    )


def _chunks(num_items: int, cells_an_item: int) -> Iterator[range]:
    size = max(1, CELLS_AT_ONCE // cells_an_item)
    for start in range(0, num_items, size):
        yield range(start, min(start + size, num_items))


def _slice(sums: ItemSums, chunk: range) -> ItemSums:
    part = slice(chunk.start, chunk.stop)
    return ItemSums(
        weight=sums.weight[part], squares=sums.squares[part], norms=sums.norms[part], points=sums.points[:, part]
    )


def _weighed(values: Floats, weights: Floats) -> Floats:
    """The sum over items of value times weight, for each replicate; either of the two has one replicate."""
    if values.shape[1] == 1:
        same_for_all: Floats = values[:, 0] @ weights
        return same_for_all
    same_weight: Floats = weights[:, 0] @ values
    return same_weight


def _items_only(num_annotators: int) -> str:
    return (
        f"the interval covers other items but only these {num_annotators} annotators: "
        f"fewer than {MIN_ANNOTATORS} say too little about others"
    )
