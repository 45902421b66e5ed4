"""Kappas and their standard error match published figures."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats.kappa import cohen_kappa, fleiss_kappa, kappa_interval

# Fleiss (1971), as on Wikipedia: 10 subjects, 14 raters, 5 categories.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


@pytest.mark.parametrize(
    ("table", "kappa", "standard_error"),
    [
        ([[20, 5], [10, 15]], 0.4, 0.126996),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], 0.7964094, 0.0589107),  # vignette of irrCAC
        ([[80, 10], [5, 5]], 0.3182, None),
        ([[118, 5], [2, 0]], -0.0234, None),
    ],
)
def test_cohens_kappa_matches_published_values(table, kappa, standard_error):
    found = cohen_kappa(table)
    assert found.value == pytest.approx(kappa, abs=5e-5)
    if standard_error is not None:
        assert found.standard_error == pytest.approx(standard_error, abs=5e-7)


def test_standard_error_is_the_spread_over_samples():
    """Simulation: 4,000 tables of 200 items from one distribution, fixed seed."""
    rng = np.random.default_rng(1)
    shares = np.array([[0.4, 0.1], [0.2, 0.3]])
    kappas = [cohen_kappa(rng.multinomial(200, shares.ravel()).reshape(2, 2)).value for _ in range(4000)]
    assert cohen_kappa(shares * 200).standard_error == pytest.approx(np.std(kappas), rel=0.05)


def test_the_interval_is_kappa_with_its_standard_error():
    """The vignette of irrCAC: .7964094, standard error .0589107; three times the items, an error smaller by the root of 3."""
    three = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]]) * 3
    reach = 1.959964 * 0.0589107 / 3**0.5
    assert kappa_interval(three) == pytest.approx((0.7964094 - reach, 0.7964094 + reach), abs=1e-6)


def test_perfect_agreement_is_not_certain():
    """50 items: the share of disagreements may be 1 - .025^(1/50) = .0711, and chance agrees on half."""
    low, high = kappa_interval([[25, 0], [0, 25]])
    assert low == pytest.approx(1 - (1 - 0.025 ** (1 / 50)) / 0.5)
    assert high == 1


def test_undefined_kappa_has_no_interval():
    assert kappa_interval([[7, 0], [0, 0]]) is None


@pytest.mark.parametrize(("n", "kappa", "at_most"), [(50, 0.7, 1.0), (400, 0.4, 0.965), (400, 0.7, 0.965)])
def test_the_interval_covers(n, kappa, at_most):
    """Simulated: 2,000 tables of two categories in equal shares."""
    rng = np.random.default_rng(n)
    off = (1 - (kappa + (1 - kappa) * 0.5)) / 2
    tables = rng.multinomial(n, [0.5 - off, off, off, 0.5 - off], size=2000)
    covered = sum(low <= kappa <= high for low, high in (kappa_interval(table.reshape(2, 2)) for table in tables))
    error = 3 * (0.95 * 0.05 / 2000) ** 0.5
    assert 0.935 - error <= covered / 2000 <= at_most + error


def test_fleiss_kappa_matches_the_paper():
    assert fleiss_kappa(FLEISS).value == pytest.approx(0.209931, abs=5e-7)


def test_one_category_only_is_undefined():
    assert cohen_kappa([[7, 0], [0, 0]]).value is None
    assert fleiss_kappa([[3, 0], [3, 0]]).value is None


def test_no_items_are_undefined():
    assert cohen_kappa([[0, 0], [0, 0]]).value is None
    assert fleiss_kappa(np.zeros((0, 2))).value is None


@pytest.mark.parametrize("table", [[[1, 2, 3], [4, 5, 6]], [1, 2], [[1, -1], [0, 1]], [[1, float("nan")], [0, 1]]])
def test_table_that_counts_nothing_is_refused(table):
    with pytest.raises(InputError):
        cohen_kappa(table)


@pytest.mark.parametrize("table", [[[2, 1], [1, 1]], [[1, 0], [0, 1]], [3, 3], [[-1, 4], [3, 0]]])
def test_fleiss_needs_equally_many_answers(table):
    with pytest.raises(InputError):
        fleiss_kappa(table)


@pytest.mark.shared_data
def test_pandalm_annotators_give_the_published_kappas(shared_data):
    """README of PandaLM: .85, .88, .86; three digits more in the data's SOURCE.md."""
    rows = json.loads((shared_data / "pandalm_testset" / "testset-v1.json").read_text())
    answers = np.array([[row[f"annotator{number}"] for number in (1, 2, 3)] for row in rows])
    kappas = []
    for first, second in itertools.combinations(range(3), 2):
        table = np.zeros((3, 3))
        np.add.at(table, (answers[:, first], answers[:, second]), 1)
        kappas.append(cohen_kappa(table).value)
    assert sorted(kappas) == pytest.approx([0.852, 0.8617, 0.8789], abs=5e-4)
    counts = np.stack([(answers == value).sum(axis=1) for value in range(3)], axis=1)
    assert fleiss_kappa(counts).value == pytest.approx(0.8642, abs=5e-4)
