"""Probabilities of each text's class by models that did not see it: naive Bayes with the known repairs.

Rennie, Shih, Teevan & Karger, Tackling the poor assumptions of naive Bayes text classifiers (ICML 2003): damped
counts, inverse document frequency, texts of one length. What is left of its overconfidence goes by one
temperature, chosen by likelihood: Guo, Pleiss, Sun & Weinberger, On calibration of modern neural networks
(ICML 2017). Counting is all the training there is, so that a million words take about a second.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse, special

SMOOTHING = 0.05
# Natural logarithms of the temperatures tried.
TEMPERATURES = (-4.0, 4.0)


def text_matrix(features: NDArray[np.int32], offsets: NDArray[np.int32], num_features: int) -> sparse.csr_array:
    """A row a text: ln(1 + count) * ln(texts / texts with the feature), scaled to length 1.

    `features[offsets[i]:offsets[i + 1]]` are those of text `i`, as often as they stand.
    """
    n = len(offsets) - 1
    counts = sparse.csr_array((np.ones(len(features), np.float32), features, offsets), shape=(n, num_features))
    counts.sum_duplicates()
    frequency = np.bincount(counts.indices, minlength=num_features)
    weights = np.log(n / np.maximum(frequency, 1)).astype(np.float32)
    counts.data = np.log1p(counts.data) * weights[counts.indices]
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    counts.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(counts.indptr)).astype(np.float32)
    return counts


def held_out_probabilities(
    texts: sparse.csr_array, labels: NDArray[np.int64], folds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """A row a text, a column a class: each fold is predicted from all others.

    A class that stands in one fold only is never predicted there.
    """
    num_classes = int(labels.max()) + 1
    scores = np.empty((len(labels), num_classes))
    for held_out, log_shares, log_priors in _models(texts, labels, folds, num_classes):
        scores[held_out] = texts[held_out] @ log_shares.T + log_priors
    temperature = _temperature(scores, labels)
    return np.asarray(special.softmax(scores / temperature, axis=1))


def _models(
    texts: sparse.csr_array, labels: NDArray[np.int64], folds: NDArray[np.int64], num_classes: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float64]]]:
    """For each fold: its texts, and what the others say of features and classes."""
    rows = np.arange(len(labels))
    chosen = {fold: rows[folds == fold] for fold in np.unique(folds)}
    sums = {fold: _class_sums(texts[held_out], labels[held_out], num_classes) for fold, held_out in chosen.items()}
    total = sum(sums.values())
    sizes = np.bincount(labels, minlength=num_classes)
    for fold, held_out in chosen.items():
        weights = np.maximum(total - sums[fold], 0) + np.float32(SMOOTHING)
        log_shares = np.log(weights / weights.sum(axis=1, keepdims=True))
        left = sizes - np.bincount(labels[held_out], minlength=num_classes)
        with np.errstate(divide="ignore"):
            yield held_out, log_shares, np.log(left / max(left.sum(), 1))


def _class_sums(texts: sparse.csr_array, labels: NDArray[np.int64], num_classes: int) -> NDArray[np.float32]:
    belongs = sparse.csr_array(
        (np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))), shape=(num_classes, len(labels))
    )
    return np.asarray((belongs @ texts).todense(), np.float32)


def _temperature(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    known = np.isfinite(scores[np.arange(len(labels)), labels])
    if not known.any():
        return 1.0
    seen, truth = scores[known], labels[known]

    def surprise(log_temperature: float) -> float:
        logs = special.log_softmax(seen / np.exp(log_temperature), axis=1)
        return -float(logs[np.arange(len(truth)), truth].mean())

    found = optimize.minimize_scalar(surprise, bounds=TEMPERATURES, method="bounded")
    return float(np.exp(found.x))
