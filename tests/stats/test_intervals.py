import numpy as np
import pytest
from scipy import stats

from preceptor.core.errors import InputError
from preceptor.stats.intervals import clopper_pearson, exact_upper_bound, t_quantile, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(successes, n, low, high):
    """The four examples of Newcombe (1998), table I, method 3."""
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_gives_the_published_intervals(successes, n, low, high):
    """The same four examples, method 5."""
    assert clopper_pearson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_nothing_of_512_can_still_be_seven_in_a_thousand():
    """Clopper-Pearson's upper end of 0 of 512 is .72 %: 1 - .025^(1/512)."""
    assert clopper_pearson(0, 512).high == pytest.approx(1 - 0.025 ** (1 / 512))


def test_no_failures_in_300_leave_one_percent():
    """The one-sided 95 % bound of 0 of 300 is .9936 %, worked as 1 - .05^(1/300)."""
    assert exact_upper_bound(0, 300, 0.05) == pytest.approx(0.009936, abs=1e-6)


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_all_or_none_has_width(interval):
    none, every = interval(0, 7), interval(7, 7)
    assert none.low == 0
    assert 0.3 < none.high < 1
    assert every.high == 1
    assert every.low == pytest.approx(1 - none.high)


@pytest.mark.parametrize("n", [1, 5, 20, 60])
def test_clopper_pearson_covers_at_least_as_often_as_it_says(n):
    """By enumeration of every count, for shares between 0 and 1."""
    ends = [clopper_pearson(count, n) for count in range(n + 1)]
    for share in np.linspace(0.003, 0.997, 80):
        chances = stats.binom.pmf(np.arange(n + 1), n, share)
        covered = sum(chance for chance, end in zip(chances, ends, strict=True) if end.low <= share <= end.high)
        assert covered >= 0.95 - 1e-9


def test_student_reaches_further_than_the_normal_quantile():
    """t(.975, 3) = 3.182 in every table."""
    assert t_quantile(0.95, 3) == pytest.approx(3.182, abs=5e-4)


@pytest.mark.parametrize("n", [0, -3])
def test_a_share_of_nothing_is_an_error(n):
    with pytest.raises(InputError, match="a share of nothing"):
        wilson(0, n)


@pytest.mark.parametrize(("successes", "confidence"), [(6, 0.95), (-1, 0.95), (2, 95.0), (2, 1.0), (2, 0.5)])
def test_impossible_arguments_are_errors(successes, confidence):
    with pytest.raises(InputError):
        clopper_pearson(successes, 5, confidence)
