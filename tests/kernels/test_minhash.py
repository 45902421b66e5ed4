"""Sketches estimate the similarity as the theory says, and like texts meet as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from preceptor.kernels.minhash import NO_SHINGLE, Banding, band_keys, choose_banding, sketch_shingles
from preceptor.kernels.shingles import Shingles

NUM_PAIRS = 3_000


def pairs_of_sets(similarity, size=170):
    """Pairs (rows 0 and 1, 2 and 3, ...) of random sets of `size` elements, and their exact similarity."""
    rng = np.random.default_rng(20261124)
    num_shared = round(2 * size * similarity / (1 + similarity))
    hashes = rng.integers(0, 2**64, (NUM_PAIRS, 2, size), np.uint64)
    hashes[:, 1, :num_shared] = hashes[:, 0, :num_shared]
    return Shingles(np.arange(0, 2 * NUM_PAIRS * size + 1, size), hashes.ravel()), num_shared / (2 * size - num_shared)


@pytest.mark.parametrize("similarity", [0.3, 0.8, 0.95])
def test_the_estimate_has_the_mean_and_the_error_of_the_theory(similarity):
    """Simulation of 3,000 pairs: mean s and standard error sqrt(s (1 - s) / 128) (Broder, 1997)."""
    sets, exact = pairs_of_sets(similarity)
    sketches = sketch_shingles(sets, 128)
    estimates = (sketches[::2] == sketches[1::2]).mean(axis=1)
    error = math.sqrt(exact * (1 - exact) / 128)
    assert estimates.mean() == pytest.approx(exact, abs=4 * error / math.sqrt(NUM_PAIRS))
    assert estimates.std() == pytest.approx(error, rel=0.08)


@pytest.mark.parametrize("similarity", [0.4, 0.6, 0.8])
def test_texts_meet_as_often_as_the_theory_says(similarity):
    """1 - (1 - s^r)^b (Indyk and Motwani, 1998), within four standard errors."""
    sets, exact = pairs_of_sets(similarity)
    banding = choose_banding(0.8)
    keys = band_keys(sketch_shingles(sets, banding.bands * banding.rows), banding)
    expected = banding.meets(exact)
    met = (keys[::2] == keys[1::2]).any(axis=1).mean()
    assert met == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / NUM_PAIRS) + 1e-9)


def test_bandings_reach_the_recall_at_the_threshold():
    for threshold in (0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 1.0):
        banding = choose_banding(threshold)
        assert banding.meets(threshold) >= 0.997
        assert banding.bands * banding.rows <= 128


def test_the_probability_by_hand():
    """One band of two rows at one half: a quarter."""
    assert Banding(1, 2).meets(0.5) == 0.25


def test_a_set_without_elements_has_the_empty_sketch():
    sketches = sketch_shingles(Shingles(np.zeros(2, np.int64), np.empty(0, np.uint64)), 4)
    assert (sketches == NO_SHINGLE).all()
