"""Alpha gives the published values under every distance, and says where it is undefined."""

from __future__ import annotations

import json

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats import agreement_distance
from preceptor.stats.agreement import AnswerTable, answer_table, krippendorff_alpha

# Krippendorff's example of 12 units and 4 observers (also the help page of kripp.alpha in R's irr).
KRIPPENDORFF = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . .",
    ". 3 3 3 2 3 4 2 2 5 1 3",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
NUMBERS = [1.0, 2.0, 3.0, 4.0, 5.0]


def table_of(rows: tuple[str, ...], num_values: int = 5) -> AnswerTable:
    cells = [
        (unit, observer, int(cell) - 1)
        for observer, row in enumerate(rows)
        for unit, cell in enumerate(row.split())
        if cell != "."
    ]
    units, observers, codes = (list(column) for column in zip(*cells, strict=True))
    return answer_table(units, observers, codes, num_values)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_krippendorffs_example_gives_the_published_alphas(level, expected):
    table = table_of(KRIPPENDORFF)
    metric = {
        "nominal": agreement_distance.nominal(5),
        "ordinal": agreement_distance.ordinal(NUMBERS, table.counts),
        "interval": agreement_distance.interval(NUMBERS),
        "ratio": agreement_distance.ratio(NUMBERS),
    }[level]
    assert krippendorff_alpha(table, metric).value == pytest.approx(expected, abs=5e-7)


def test_custom_distance_equal_to_a_built_in_one_gives_the_same_alpha():
    table = table_of(KRIPPENDORFF)
    squared = agreement_distance.custom(NUMBERS, lambda a, b: (a - b) ** 2)
    different = agreement_distance.custom(NUMBERS, lambda a, b: float(a != b))
    assert krippendorff_alpha(table, squared).value == pytest.approx(0.849107, abs=5e-7)
    assert krippendorff_alpha(table, different).value == pytest.approx(0.743421, abs=5e-7)


def test_distance_that_fits_no_space_is_kept_exactly():
    """Alpha from its definition, pair by pair, for a distance that breaks the triangle inequality."""
    distances = np.array([[0, 1, 9, 1], [1, 0, 1, 5], [9, 1, 0, 2], [1, 5, 2, 0.0]])
    rng = np.random.default_rng(3)
    answers = rng.integers(4, size=(30, 4))
    table = answer_table(
        np.repeat(np.arange(30), 4).tolist(), np.tile(np.arange(4), 30).tolist(), answers.ravel().tolist(), 4
    )
    metric = agreement_distance.custom([0, 1, 2, 3], lambda a, b: float(distances[a, b]))
    everything = answers.ravel()
    observed = sum(distances[a, b] for row in answers for a in row for b in row) / (30 * 4 * 3)
    expected = sum(distances[a, b] for a in everything for b in everything) / (120 * 119)
    assert krippendorff_alpha(table, metric).value == pytest.approx(1 - observed / expected, abs=1e-12)


def test_numbers_far_from_zero_lose_no_digits():
    table = table_of(KRIPPENDORFF)
    metric = agreement_distance.interval([1e9 + number for number in NUMBERS])
    assert krippendorff_alpha(table, metric).value == pytest.approx(0.849107, abs=5e-7)


def test_one_value_only_is_undefined_not_perfect():
    alpha = krippendorff_alpha(table_of(("1 1 1", "1 1 1")), agreement_distance.nominal(5))
    assert alpha.value is None
    assert "the same" in alpha.reason


@pytest.mark.parametrize("rows", [("1 2 .", ". . 3"), ("1 2 3",)])
def test_no_item_with_two_answers_is_undefined(rows):
    alpha = krippendorff_alpha(table_of(rows), agreement_distance.nominal(5))
    assert alpha.value is None
    assert "two annotators" in alpha.reason


def test_no_answers_are_undefined():
    assert krippendorff_alpha(answer_table([], [], [], 0), agreement_distance.nominal(0)).value is None
    assert krippendorff_alpha(answer_table([], [], [], 0), agreement_distance.interval([])).value is None
    assert krippendorff_alpha(answer_table([], [], [], 0), agreement_distance.ratio([])).value is None


def test_perfect_agreement_on_two_values_is_one():
    assert krippendorff_alpha(table_of(("1 2 1", "1 2 1")), agreement_distance.nominal(5)).value == 1.0


@pytest.mark.parametrize(
    ("distance", "message"),
    [
        (lambda a, b: a - b, "from 2.0 to 1.0 is 1.0|from 1.0 to 2.0 is -1.0"),
        (lambda _a, _b: 1.0, "0 from a value to itself"),
        (lambda _a, _b: float("nan"), "finite"),
    ],
)
def test_distance_that_is_none_is_refused(distance, message):
    with pytest.raises(InputError, match=message):
        agreement_distance.custom(NUMBERS, distance)


def test_negative_numbers_have_no_ratio_scale():
    with pytest.raises(InputError, match="-1.0"):
        agreement_distance.ratio([-1.0, 1.0])


def test_free_text_is_refused():
    with pytest.raises(InputError, match="501 different values"):
        agreement_distance.nominal(501)


def test_numbers_too_large_to_square_are_refused():
    with pytest.raises(InputError, match="rescale"):
        agreement_distance.interval([-1e200, 1e200])


@pytest.mark.shared_data
def test_pandalm_gives_the_alpha_of_its_source(shared_data):
    """.8642, as in the data's SOURCE.md."""
    rows = json.loads((shared_data / "pandalm_testset" / "testset-v1.json").read_text())
    answers = np.array([[row[f"annotator{number}"] for number in (1, 2, 3)] for row in rows])
    table = answer_table(
        np.repeat(np.arange(len(rows)), 3).tolist(),
        np.tile(np.arange(3), len(rows)).tolist(),
        answers.ravel().tolist(),
        3,
    )
    assert krippendorff_alpha(table, agreement_distance.nominal(3)).value == pytest.approx(0.8642, abs=5e-5)
