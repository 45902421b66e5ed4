import pytest

from preceptor.core.errors import InputError
from preceptor.stats.exact_paired import exact_p_above
from preceptor.stats.intervals import clopper_pearson
from preceptor.stats.means import mean_interval, mean_sample
from preceptor.stats.paired import Flips
from preceptor.stats.power import (
    minimal_detectable_effect,
    required_n_for_flips,
    required_n_for_mean,
    required_n_for_share,
    sample_size_for_effect,
)
from preceptor.stats.types import Interval

CHANGE = Interval(-1.0, 1.0)


@pytest.mark.parametrize("n", [1, 50, 182, 183, 400])
def test_no_flips_need_183_pairs_for_two_points(n):
    """The smallest n with .98^n at most .025, whatever n was seen."""
    assert required_n_for_flips(Flips(0, 0, n), above=-0.02) == 183


@pytest.mark.parametrize("flips", [Flips(2, 3, 150), Flips(5, 5, 100), Flips(9, 4, 120)])
def test_the_rule_passes_at_the_n_it_asks_for_and_not_one_below(flips):
    """Consistent with the decision: the shares seen, rounded to whole cases against the candidate."""
    needed = required_n_for_flips(flips, above=-0.02)
    for n, is_shown in ((needed, True), (needed - 1, False)):
        lost = -(-flips.lost * n // flips.n)
        gained = flips.gained * n // flips.n
        assert (exact_p_above(Flips(gained, lost, n), -0.02) <= 0.025) is is_shown


def test_it_comes_near_the_formula_for_many_flips():
    """Normal approximation by hand: 1.96^2 x .10 / .02^2 = 960 pairs for 5 % gained and 5 % lost; rounding costs more."""
    assert 960 <= required_n_for_flips(Flips(50, 50, 1000), above=-0.02) <= 1100


def test_an_inconclusive_n_is_below_the_required_one():
    flips = Flips(5, 6, 400)
    assert exact_p_above(flips, -0.02) > 0.025
    assert required_n_for_flips(flips, above=-0.02) > 400


@pytest.mark.parametrize("flips", [Flips(0, 2, 100), Flips(0, 30, 100)])
def test_more_of_a_loss_at_or_beyond_the_margin_never_passes(flips):
    assert required_n_for_flips(flips, above=-0.02) is None


def test_a_difference_a_hair_above_the_margin_needs_more_than_a_million():
    assert required_n_for_flips(Flips(0, 19_999, 1_000_000), above=-0.02) is None


def test_unchanged_graded_scores_need_the_same_183():
    assert required_n_for_mean(mean_sample([0.0] * 20), above=-0.02, bounds=CHANGE) == 183


def test_spread_scores_need_what_students_interval_needs():
    values = [0.1, -0.1, 0.2, -0.2, 0.05, -0.05] * 5
    needed = required_n_for_mean(mean_sample(values), above=-0.02, bounds=CHANGE)
    sample = mean_sample(values)
    assert mean_interval(sample.scaled(needed), bounds=CHANGE).low > -0.02
    assert mean_interval(sample.scaled(needed - 1), bounds=CHANGE).low <= -0.02


def test_a_mean_at_the_bar_needs_more_than_there_can_be():
    assert required_n_for_mean(mean_sample([-0.02] * 30), above=-0.02, bounds=CHANGE) is None


def test_all_right_needs_36_cases_for_nine_in_ten():
    """The smallest n with .9^n at most .025, that is 35.01 rounded up."""
    assert required_n_for_share(5, 5, minimum=0.9) == 36
    assert clopper_pearson(35, 35).low < 0.9 <= clopper_pearson(36, 36).low


def test_a_share_below_the_minimum_has_no_required_n():
    assert required_n_for_share(5, 10, minimum=0.9) is None


def test_the_size_for_an_effect_is_the_published_one():
    """Miller (2024): 3 points, 80 % power, variance 1/9 gives 969 questions."""
    assert sample_size_for_effect(0.03, 1 / 9) == 969
    assert minimal_detectable_effect(969, 1 / 9) == pytest.approx(0.03, abs=1e-5)


@pytest.mark.parametrize(("effect", "variance", "power"), [(0, 1, 0.8), (0.1, -1, 0.8), (0.1, 1, 1.0)])
def test_impossible_arguments_are_errors(effect, variance, power):
    with pytest.raises(InputError):
        sample_size_for_effect(effect, variance, power)
    with pytest.raises(InputError):
        minimal_detectable_effect(0 if effect == 0 else 10, variance, power)
