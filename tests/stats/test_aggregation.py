"""Dawid and Skene's model reproduces its paper and finds good and bad annotators."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats.aggregation import dawid_skene


def read_anaesthetists(shared_data) -> tuple[list[int], list[int], list[int]]:
    with (shared_data / "dawid_skene_1979" / "anaesthetists.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    columns = [[int(row[name]) - 1 for row in rows] for name in ("patient", "observer", "rating")]
    return columns[0], columns[1], columns[2]


@pytest.mark.shared_data
def test_paper_is_reproduced(shared_data):
    """Dawid & Skene (1979), Tables 2 to 4; log-likelihood and classes as recomputed in SOURCE.md."""
    model = dawid_skene(*read_anaesthetists(shared_data))
    assert model.marginals == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    published = np.array([[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]])
    assert model.error_rates[0] == pytest.approx(published, abs=0.005)
    assert model.log_likelihood == pytest.approx(-192.891, abs=5e-4)
    assert np.bincount(model.posteriors.argmax(axis=1)).tolist() == [18, 19, 5, 3]
    assert model.converged


def simulate(num_items: int, answers_each: int, num_annotators: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(12)
    truth = rng.integers(3, size=num_items)
    accuracies = np.linspace(0.45, 0.95, num_annotators)
    items = np.repeat(np.arange(num_items), answers_each)
    annotators = rng.integers(num_annotators, size=len(items))
    wrong = (truth[items] + rng.integers(1, 3, size=len(items))) % 3
    said = np.where(rng.random(len(items)) < accuracies[annotators], truth[items], wrong)
    return truth, accuracies, items, annotators, said


def test_accuracies_and_classes_are_recovered():
    """Simulation with known accuracies: estimates within .03, and more items right than by majority."""
    truth, accuracies, items, annotators, said = simulate(4000, 5, 10)
    model = dawid_skene(items, annotators, said)
    estimated = np.diagonal(model.error_rates, axis1=1, axis2=2).mean(axis=1)
    assert estimated == pytest.approx(accuracies, abs=0.03)
    votes = np.stack([np.bincount(items, said == k, minlength=4000) for k in range(3)], axis=1)
    majority_right = (votes.argmax(axis=1) == truth).mean()
    assert (model.posteriors.argmax(axis=1) == truth).mean() > majority_right


def test_chances_are_chances():
    _, _, items, annotators, said = simulate(300, 3, 5)
    model = dawid_skene(items, annotators, said)
    assert model.marginals.sum() == pytest.approx(1)
    assert model.error_rates.sum(axis=2) == pytest.approx(np.ones((5, 3)))
    assert model.posteriors.sum(axis=1) == pytest.approx(np.ones(300))


def test_replicates_of_one_annotator_all_count():
    """Item 0 gets three answers of one annotator; two say 0, as his other items bear out."""
    items, annotators = [0, 0, 0, 1, 1, 2, 2], [0, 0, 0, 0, 1, 0, 1]
    model = dawid_skene(items, annotators, [0, 0, 1, 0, 0, 1, 1])
    only_last = dawid_skene(items[2:], annotators[2:], [1, 0, 0, 1, 1])
    assert model.posteriors[0].argmax() == 0
    assert only_last.posteriors[0].argmax() == 1


def test_hundreds_of_answers_an_item_do_not_underflow():
    """2,000 answers to an item multiply to less than any float holds; logarithms hold it."""
    items = np.repeat([0, 1], 2000)
    model = dawid_skene(items, np.tile(np.arange(2000), 2), np.repeat([0, 1], 2000))
    assert np.isfinite(model.log_likelihood)
    assert model.posteriors.argmax(axis=1).tolist() == [0, 1]


def test_log_likelihood_never_falls():
    """EM's promise, held at every number of iterations."""
    _, _, items, annotators, said = simulate(200, 3, 5)
    found = [dawid_skene(items, annotators, said, max_iterations=number).log_likelihood for number in range(1, 15)]
    assert all(later >= earlier - 1e-9 for earlier, later in itertools.pairwise(found))
    assert not dawid_skene(items, annotators, said, max_iterations=1).converged


def test_no_answers_are_refused():
    with pytest.raises(InputError, match="no answers"):
        dawid_skene([], [], [])


def test_free_text_does_not_eat_the_memory():
    with pytest.raises(InputError, match="free text"):
        dawid_skene([0, 1], [0, 9], [0, 9000])
