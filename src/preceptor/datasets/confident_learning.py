"""Which labels are wrong, from predicted probabilities: confident learning.

Northcutt, Jiang & Chuang, Confident learning: Estimating uncertainty in dataset labels, Journal of Artificial
Intelligence Research 70 (2021) 1373, section 3. A case counts as truly of class j when its probability of j
reaches the mean that the cases labelled j have; labelled otherwise, it is a suspect. The probabilities must
come from models that did not see the case.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Below any real difference of probabilities: a case exactly at the mean reaches it.
TOLERANCE = 1e-6
NOBODY = -1


class ConfidentJoint(NamedTuple):
    """`counts[i, j]` cases are labelled i and truly j, of those that are confidently of one class.

    `thresholds` by class (infinite for a class that nobody has), `suggested` by case: the class
    that it is confidently of, -1 for none.
    """

    counts: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    suggested: NDArray[np.int64]

    def suspects(self, labels: NDArray[np.int64]) -> NDArray[np.int64]:
        """The cases that are confidently of another class than labelled, in order."""
        return np.flatnonzero((self.suggested != NOBODY) & (self.suggested != labels))


def confident_joint(labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> ConfidentJoint:
    """The joint counts of given and true labels; of several classes that a case reaches, the most probable counts.

    >>> p = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.1, 0.9]])
    >>> joint = confident_joint(np.array([0, 0, 0, 1]), p)
    >>> joint.thresholds.tolist(), joint.suggested.tolist()
    ([0.6, 0.9], [0, 0, -1, 1])
    """
    num_classes = probabilities.shape[1]
    own = probabilities[np.arange(len(labels)), labels]
    sizes = np.bincount(labels, minlength=num_classes)
    sums = np.bincount(labels, weights=own, minlength=num_classes)
    thresholds = np.where(sizes > 0, np.round(sums / np.maximum(sizes, 1), 12), np.inf)
    reached = probabilities >= thresholds - TOLERANCE
    best = np.where(reached, probabilities, -1.0).argmax(axis=1)
    suggested = np.where(reached.any(axis=1), best, NOBODY).astype(np.int64)
    is_confident = suggested != NOBODY
    counts = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(counts, (labels[is_confident], suggested[is_confident]), 1)
    return ConfidentJoint(counts, thresholds, suggested)


def estimated_joint(joint: ConfidentJoint, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shares of all cases by given and true label: each row of the counts is scaled to the cases so labelled.

    A class of which no case is confident is taken to be right.
    """
    sizes = np.bincount(labels, minlength=len(joint.counts)).astype(np.float64)
    counts = joint.counts.astype(np.float64)
    unseen = counts.sum(axis=1) == 0
    counts[unseen, unseen] = 1.0
    shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True) * (sizes / sizes.sum())[:, None]
    return shares
