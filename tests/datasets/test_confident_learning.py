"""Confident learning by hand, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from preceptor.datasets.confident_learning import confident_joint, estimated_joint

LABELS = np.array([0, 0, 1, 1])
P = np.array([[0.9, 0.1], [0.3, 0.7], [0.4, 0.6], [0.2, 0.8]])


def test_thresholds_are_the_mean_own_probabilities_of_each_class():
    """(.9 + .3) / 2 and (.6 + .8) / 2; the second case reaches the other class, the third reaches none."""
    joint = confident_joint(LABELS, P)
    assert joint.thresholds.tolist() == pytest.approx([0.6, 0.7])
    assert joint.suggested.tolist() == [0, 1, -1, 1]
    assert joint.counts.tolist() == [[1, 1], [0, 1]]
    assert joint.suspects(LABELS).tolist() == [1]


def test_the_joint_is_scaled_to_the_given_labels():
    """Each label has half of the cases: .5 * (1/2, 1/2) and .5 * (0, 1); a quarter is wrong."""
    shares = estimated_joint(confident_joint(LABELS, P), LABELS)
    assert shares.tolist() == [[0.25, 0.25], [0, 0.5]]


def test_of_two_classes_that_are_reached_the_more_probable_counts():
    """Thresholds .35, .4 and .3: the last case reaches classes 1 (.45) and 2 (.35)."""
    labels = np.array([0, 1, 2, 0])
    p = np.array([[0.5, 0.3, 0.2], [0.4, 0.4, 0.2], [0.4, 0.3, 0.3], [0.2, 0.45, 0.35]])
    assert confident_joint(labels, p).suggested[3] == 1


def test_a_class_that_nobody_has_is_never_suggested():
    labels = np.array([0, 0])
    joint = confident_joint(labels, np.array([[0.4, 0.6], [0.5, 0.5]]))
    assert np.isinf(joint.thresholds[1])
    assert joint.suspects(labels).tolist() == []


def test_equal_probabilities_reach_their_own_mean():
    """Rounding must not make a whole class fall under its threshold."""
    labels = np.zeros(7, np.int64)
    joint = confident_joint(labels, np.tile([[0.1, 0.9]], (7, 1)))
    assert joint.counts.tolist() == [[7, 0], [0, 0]]


def test_planted_noise_is_estimated_and_found():
    """Simulated, seed 5: three classes, 3,000 cases, 12 % of labels moved to the next class, probabilities of a good model."""
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 3_000)
    scores = rng.normal(size=(3_000, 3)) + 4 * np.eye(3)[truth]
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    wrong = rng.random(3_000) < 0.12
    labels = np.where(wrong, (truth + 1) % 3, truth)
    joint = confident_joint(labels, p)
    found = np.zeros(3_000, bool)
    found[joint.suspects(labels)] = True
    assert 1 - np.trace(estimated_joint(joint, labels)) == pytest.approx(wrong.mean(), abs=0.02)
    assert (found & wrong).sum() / wrong.sum() > 0.8
    assert (found & wrong).sum() / found.sum() > 0.95
