"""Dawid and Skene's model: each annotator's error rates and each item's true class, found together by EM.

Source: Dawid & Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm,
JRSS C 28(1). Where an annotator answers one item several times, each answer counts, as in the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import logsumexp

from preceptor.core.errors import InputError

Floats = NDArray[np.float64]

MAX_CELLS = 50_000_000
SMALLEST = 1e-300  # keeps log finite; an error that was never seen stays practically impossible


@dataclass(frozen=True, kw_only=True)
class DawidSkene:
    """What the model found.

    `marginals[k]`: share of class k. `error_rates[j, k, l]`: chance that annotator j says l where
    the truth is k. `posteriors[i, k]`: chance that item i is k. `converged` is False when the
    log-likelihood still grew after the last iteration.
    """

    marginals: Floats
    error_rates: Floats
    posteriors: Floats
    log_likelihood: float
    num_iterations: int
    converged: bool


def dawid_skene(
    items: Sequence[int],
    annotators: Sequence[int],
    classes: Sequence[int],
    *,
    tolerance: float = 1e-9,
    max_iterations: int = 1000,
) -> DawidSkene:
    """The model of answers given as three equally long columns of numbers from 0.

    Starts from the share of each item's answers that say a class, as the paper does; ends when
    the log-likelihood grows by less than `tolerance` of itself. EM finds a local maximum: with
    few answers an item another one can be likelier. Raises InputError for no answers and for
    more annotators times classes squared than fit into memory.
    """
    counts, shape = _count(items, annotators, classes)
    posteriors = _vote_shares(counts, shape)
    log_likelihood, iteration, converged = -np.inf, 0, False
    while not converged and iteration < max_iterations:
        iteration += 1
        marginals, error_rates = _maximise(counts, posteriors, shape)
        before = log_likelihood
        posteriors, log_likelihood = _expect(counts, marginals, error_rates)
        converged = abs(log_likelihood - before) <= tolerance * max(abs(log_likelihood), 1.0)
    return DawidSkene(
        marginals=marginals,
        error_rates=error_rates,
        posteriors=posteriors,
        log_likelihood=log_likelihood,
        num_iterations=iteration,
        converged=converged,
    )


def _maximise(counts: sparse.csr_array, posteriors: Floats, shape: tuple[int, int, int]) -> tuple[Floats, Floats]:
    """The class shares and error rates that fit the items' present classes best (equations 2.3 and 2.4)."""
    _, num_annotators, num_classes = shape
    said = np.asarray(counts.T @ posteriors).reshape(num_annotators, num_classes, num_classes)
    given = said.transpose(0, 2, 1)  # annotator, true class, what was said
    totals = given.sum(axis=2, keepdims=True)
    # A class that an annotator never met tells nothing of him: every answer stays as likely.
    rates = np.divide(given, totals, out=np.full_like(given, 1.0 / num_classes), where=totals > 0)
    return posteriors.mean(axis=0), rates


def _expect(counts: sparse.csr_array, marginals: Floats, error_rates: Floats) -> tuple[Floats, float]:
    """Each item's chance of each class, and the log-likelihood of all answers (equation 2.5)."""
    num_classes = len(marginals)
    log_rates = np.log(np.maximum(error_rates, SMALLEST)).transpose(0, 2, 1).reshape(-1, num_classes)
    joint = np.log(np.maximum(marginals, SMALLEST)) + np.asarray(counts @ log_rates)
    of_item = logsumexp(joint, axis=1, keepdims=True)
    return np.exp(joint - of_item), float(of_item.sum())


def _count(
    items: Sequence[int], annotators: Sequence[int], classes: Sequence[int]
) -> tuple[sparse.csr_array, tuple[int, int, int]]:
    """How often each annotator said each class of each item: rows are items, columns (annotator, class)."""
    columns = [np.asarray(column, np.int64) for column in (items, annotators, classes)]
    if len(columns[0]) == 0:
        raise InputError("no answers to aggregate; give at least one")
    num_items, num_annotators, num_classes = (int(column.max()) + 1 for column in columns)
    if num_annotators * num_classes**2 > MAX_CELLS or num_items * num_classes > MAX_CELLS:
        raise InputError(
            f"{num_annotators:,} annotators with {num_classes:,} classes on {num_items:,} items do not fit into "
            "memory; is the value column free text?"
        )
    cells = (columns[0], columns[1] * num_classes + columns[2])
    shape = (num_items, num_annotators * num_classes)
    # Equal cells are summed: an annotator's second answer to an item adds to the first.
    counts = sparse.coo_array((np.ones(len(columns[0])), cells), shape=shape).tocsr()
    return counts, (num_items, num_annotators, num_classes)


def _vote_shares(counts: sparse.csr_array, shape: tuple[int, int, int]) -> Floats:
    num_items, num_annotators, num_classes = shape
    by_class = sparse.csr_array(np.tile(np.eye(num_classes), (num_annotators, 1)))
    votes = np.asarray((counts @ by_class).todense(), np.float64)
    totals = votes.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(
        votes, totals, out=np.full((num_items, num_classes), 1.0 / num_classes), where=totals > 0
    )
    return shares
