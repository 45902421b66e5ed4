"""Alpha's interval holds the estimate, covers the truth as often as it says, and admits its limits."""

from __future__ import annotations

import numpy as np
import pytest

from preceptor.stats.agreement import AnswerTable, answer_table, krippendorff_alpha
from preceptor.stats.agreement_distance import interval, nominal
from preceptor.stats.agreement_interval import alpha_interval, collapse

NUM_CLASSES = 3
METRIC = nominal(NUM_CLASSES)


def table_of(answers: np.ndarray, is_given: np.ndarray | None = None) -> AnswerTable:
    items, annotators = np.nonzero(np.ones(answers.shape, bool) if is_given is None else is_given)
    return answer_table(items.tolist(), annotators.tolist(), answers[items, annotators].tolist(), NUM_CLASSES)


def draw(rng: np.random.Generator, accuracies: np.ndarray, num_items: int, missing: float = 0.0) -> AnswerTable:
    """Answers of annotators who name the true class with their accuracy, and else another one."""
    truth = rng.integers(NUM_CLASSES, size=(num_items, 1))
    shape = (num_items, len(accuracies))
    wrong = (truth + rng.integers(1, NUM_CLASSES, size=shape)) % NUM_CLASSES
    answers = np.where(rng.random(shape) < accuracies, truth, wrong)
    return table_of(answers, rng.random(shape) >= missing)


def true_alpha(mean_accuracy: float) -> float:
    """Alpha over all annotators of a mean accuracy: two of them agree when both are right or both err alike."""
    agree = mean_accuracy**2 + (1 - mean_accuracy) ** 2 / (NUM_CLASSES - 1)
    return 1 - (1 - agree) / (1 - 1 / NUM_CLASSES)


@pytest.mark.parametrize(
    ("num_annotators", "num_items", "missing"), [(6, 60, 0.0), (12, 60, 0.5), (20, 100, 0.0)], ids=str
)
def test_interval_covers_the_truth_where_annotators_differ(num_annotators, num_items, missing):
    """Accuracies from .4 to 1: a 95 % interval covers in 90 to 99 of 100 samples (200 samples, fixed seed)."""
    rng = np.random.default_rng(20_261_124)
    truth = true_alpha(0.4 + 0.6 * 2 / 3)
    covered, num_samples = 0, 200
    for seed in range(num_samples):
        accuracies = 0.4 + 0.6 * rng.beta(2, 1, size=num_annotators)
        found = alpha_interval(draw(rng, accuracies, num_items, missing), METRIC, 0.95, seed, 100).interval
        covered += found.low <= truth <= found.high
    assert 0.90 <= covered / num_samples <= 0.99


def test_interval_of_few_annotators_covers_other_items():
    """Three annotators of one accuracy: the truth over items is known and covered (300 samples)."""
    rng = np.random.default_rng(5)
    truth = true_alpha(0.85)
    covered, num_samples = 0, 300
    for seed in range(num_samples):
        # Two of them would be enough; with accuracies fixed, only items vary.
        found = alpha_interval(draw(rng, np.full(3, 0.85), 80), METRIC, 0.95, seed, 200).interval
        covered += found.low <= truth <= found.high
    assert 0.91 <= covered / num_samples <= 0.985


def test_items_alone_would_be_far_too_narrow_where_annotators_differ():
    rng = np.random.default_rng(11)
    answers = draw(rng, np.linspace(0.4, 0.98, 12), 3000)
    both = alpha_interval(answers, METRIC, 0.95, 0, 300).interval
    four_of_them = draw(rng, np.array([0.45, 0.6, 0.8, 0.95]), 3000)
    items_only = alpha_interval(four_of_them, METRIC, 0.95, 0, 300).interval
    assert both.high - both.low > 4 * (items_only.high - items_only.low)


def test_copies_of_an_annotator_do_not_lift_the_interval_off_the_estimate():
    """The trap: drawing annotators with replacement makes copies agree, and .501 got [.630, .706]."""
    rng = np.random.default_rng(2)
    answers = draw(rng, np.full(8, 0.7), 400)
    estimate = krippendorff_alpha(answers, METRIC).value
    found = alpha_interval(answers, METRIC, 0.95, 0).interval
    assert found.low < estimate < found.high
    assert abs((found.low + found.high) / 2 - estimate) < 0.02


@pytest.mark.parametrize("seed", range(20))
def test_interval_holds_the_estimate_and_stays_below_one(seed):
    rng = np.random.default_rng(seed)
    answers = draw(rng, rng.uniform(0.2, 1.0, size=int(rng.integers(2, 9))), int(rng.integers(3, 30)), 0.2)
    estimate = krippendorff_alpha(answers, METRIC).value
    found = alpha_interval(answers, METRIC, 0.95, seed, 200).interval
    assert found.low <= estimate <= found.high <= 1.0


def test_same_seed_gives_the_same_interval():
    answers = draw(np.random.default_rng(0), np.full(6, 0.8), 50)
    assert alpha_interval(answers, METRIC, 0.95, 7) == alpha_interval(answers, METRIC, 0.95, 7)
    assert alpha_interval(answers, METRIC, 0.95, 7) != alpha_interval(answers, METRIC, 0.95, 8)


def test_higher_confidence_is_wider():
    answers = draw(np.random.default_rng(0), np.full(6, 0.8), 50)
    narrow, wide = (alpha_interval(answers, METRIC, level, 0).interval for level in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_few_annotators_are_admitted_in_the_reason():
    found = alpha_interval(draw(np.random.default_rng(0), np.full(4, 0.8), 50), METRIC, 0.95, 0)
    assert found.interval is not None
    assert "only these 4 annotators" in found.reason
    assert alpha_interval(draw(np.random.default_rng(0), np.full(5, 0.8), 50), METRIC, 0.95, 0).reason == ""


def test_perfect_agreement_has_an_interval_with_width():
    """20 items without a disagreement: Clopper-Pearson leaves up to 1 - .025 ** (1 / 20) of items."""
    answers = table_of(np.repeat([[0], [1]], 10, axis=0).repeat(2, axis=1))
    found = alpha_interval(answers, METRIC, 0.95, 0)
    expected_distance = 2 * 20 * 20 / (40 * 39)
    assert found.interval.high == 1.0
    assert found.interval.low == pytest.approx(1 - (1 - 0.025 ** (1 / 20)) / expected_distance)
    assert "nobody disagreed" in found.reason


def test_undefined_alpha_has_no_interval():
    found = alpha_interval(table_of(np.zeros((4, 3), int)), METRIC, 0.95, 0)
    assert found.interval is None
    assert "the same" in found.reason


def test_one_item_has_no_interval():
    found = alpha_interval(table_of(np.array([[0, 1, 1]])), METRIC, 0.95, 0)
    assert found.interval is None
    assert "only one item" in found.reason


def test_collapsing_keeps_how_many_items_show_each_pattern():
    patterns = collapse(table_of(np.array([[0, 1], [2, 2], [0, 1], [1, 0]])))
    assert patterns.counts.tolist() == [2, 1, 1]
    assert patterns.table.codes.tolist() == [0, 1, 2, 2, 1, 0]


def test_collapsed_items_give_the_interval_of_a_sample_with_as_much_evidence():
    """Chance in the bootstrap apart, it does not matter whether equal items were collapsed: shift one by little."""
    rng = np.random.default_rng(4)
    truth = rng.integers(2, size=(400, 1))
    answers = np.where(rng.random((400, 6)) < 0.8, truth, 1 - truth)
    items, annotators = (index.ravel().tolist() for index in np.indices(answers.shape))
    codes = answers.ravel().tolist()
    collapsed = alpha_interval(answer_table(items, annotators, codes, 2), interval([0.0, 1.0]), 0.95, 0).interval
    # Each item gets values of its own, almost equal, so that no two items look the same.
    values = [code + item * 1e-7 for item, code in zip(items, codes, strict=True)]
    apart_table = answer_table(items, annotators, list(range(len(values))), len(values))
    apart = alpha_interval(apart_table, interval(values), 0.95, 0).interval
    assert collapsed.low == pytest.approx(apart.low, abs=0.01)
    assert collapsed.high == pytest.approx(apart.high, abs=0.01)


def test_sparse_and_dense_answers_take_the_same_path_to_an_interval():
    """120 annotators, 4 answers an item: few enough cells are filled for the sparse product."""
    rng = np.random.default_rng(6)
    items = np.repeat(np.arange(300), 4)
    annotators = np.concatenate([rng.choice(120, size=4, replace=False) for _ in range(300)])
    codes = np.where(rng.random(1200) < 0.75, items % 3, rng.integers(3, size=1200))
    answers = answer_table(items.tolist(), annotators.tolist(), codes.tolist(), 3)
    estimate = krippendorff_alpha(answers, METRIC).value
    found = alpha_interval(answers, METRIC, 0.95, 0, 300).interval
    assert found.low < estimate < found.high
    assert found.high - found.low < 0.2
