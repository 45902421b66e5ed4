import numpy as np
import pytest
from scipy import special, stats

from preceptor.core.errors import InputError
from preceptor.stats.bounded_mean import BoundedSample, bounded_interval, bounded_p_above, bounded_sample
from preceptor.stats.intervals import clopper_pearson
from preceptor.stats.power import required_n_for_bounded_mean
from preceptor.stats.types import Interval

UNIT, CHANGE = Interval(0.0, 1.0), Interval(-1.0, 1.0)
LEVEL = 0.025


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 2), (3, 20), (20, 20), (0, 183), (91, 183), (700, 1000)])
def test_for_yes_and_no_it_is_clopper_pearson(successes, n):
    """Proved by Gaffke (2005): the weights of the ones add up to a Beta variable."""
    sample = bounded_sample([1.0] * successes + [0.0] * (n - successes), UNIT)
    assert bounded_interval(sample) == pytest.approx(clopper_pearson(successes, n), abs=2e-6)
    for value in (0.01, 0.3, 0.9):
        expected = stats.binom.sf(successes - 1, n, value)
        assert bounded_p_above(sample, value) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("n", [3, 10, 60, 400])
def test_the_integral_is_the_chance_that_drawing_the_weights_gives(n):
    """The definition: exponential weights, one of them on the worst possible value; 40,000 draws, four errors."""
    rng = np.random.default_rng(n)
    values = np.clip(rng.normal(0, 0.2, n), -1, 1)
    value = float(values.mean()) - 1.5 * (0.2 / n**0.5 + 1 / n)
    drawn = np.zeros(40_000)
    for one in np.append(values - value, -1 - value):
        drawn += rng.standard_exponential(40_000) * one
    chance = np.mean(drawn <= 0)
    assert bounded_p_above(bounded_sample(values, CHANGE), value) == pytest.approx(
        chance, abs=4 * (chance / 40_000) ** 0.5
    )


def test_two_weights_by_hand():
    """One value .5, worst 0: the weight of the value is uniform, so the lower end at .975 is .5 x .025."""
    low, _ = bounded_interval(bounded_sample([0.5], UNIT))
    assert low == pytest.approx(0.0125, abs=1e-6)


@pytest.mark.parametrize("support", [(-1.0, 0.0, 1.0), (-1.0, -0.1, 0.3), (-1.0, 0.02, 0.05), (-0.8, -0.3, 0.6)])
@pytest.mark.parametrize(("n", "margin"), [(10, 0.2), (40, 0.05)])
def test_a_mean_at_the_bar_is_shown_to_be_above_in_at_most_one_of_forty(support, n, margin):
    """By enumeration of every sample of three values, at 200 mixtures of them with a mean of minus the margin."""
    low, middle, high = support
    counts = [(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)]
    shown = np.array([_is_shown(one, support, -margin) for one in counts])
    ways = special.gammaln(n + 1) - special.gammaln(np.array(counts) + 1).sum(axis=1)
    for share_low in np.linspace(0.001, 0.999, 200):
        share_high = (-margin - share_low * low - (1 - share_low) * middle) / (high - middle)
        shares = np.array([share_low, 1 - share_low - share_high, share_high])
        if shares.min() < 0:
            continue
        chances = np.exp(ways + special.xlogy(np.array(counts), shares).sum(axis=1))
        assert float(chances[shown].sum()) <= LEVEL


def _is_shown(counts, support, value):
    kept = [(count, one) for count, one in zip(counts, support, strict=True) if count]
    sample = BoundedSample(
        counts=np.array([count for count, _ in kept], dtype=float),
        totals=np.array([one for _, one in kept]),
        sizes=np.ones(len(kept)),
        largest=1.0,
        bounds=CHANGE,
    )
    return bounded_p_above(sample, value) <= LEVEL


def test_for_many_cases_it_is_students():
    values = np.random.default_rng(2).normal(0.1, 0.2, 5000).clip(-1, 1)
    reach = 1.96 * values.std() / 5000**0.5
    low, high = bounded_interval(bounded_sample(values, CHANGE))
    assert (low, high) == pytest.approx((values.mean() - reach, values.mean() + reach), abs=0.12 * reach)


def test_equal_changes_need_the_183_cases_of_yes_no_scores():
    sample = bounded_sample([0.0] * 40, CHANGE)
    assert required_n_for_bounded_mean(sample, above=-0.02) == 183
    assert bounded_p_above(sample.scaled(183), -0.02) <= LEVEL < bounded_p_above(sample.scaled(182), -0.02)


def test_more_of_a_loss_never_passes():
    assert required_n_for_bounded_mean(bounded_sample([-0.1] * 40, CHANGE), above=-0.02) is None


def test_copies_in_clusters_say_what_the_clusters_say():
    values = np.random.default_rng(5).normal(0, 0.2, 30).clip(-1, 1)
    names = [str(n) for n in range(30) for _ in range(4)]
    copied = bounded_sample(np.repeat(values, 4), CHANGE, names)
    assert bounded_interval(copied) == pytest.approx(bounded_interval(bounded_sample(values, CHANGE)), abs=1e-5)


def test_a_large_cluster_may_be_unseen_again():
    """A cluster of 21 among 19 single cases: the unseen one could weigh half of the sample."""
    one = bounded_interval(bounded_sample([0.0] * 40, CHANGE, [None] * 19 + ["big"] * 21))
    assert one.low < bounded_interval(bounded_sample([0.0] * 40, CHANGE)).low


def test_the_interval_mirrors_with_its_values():
    values = [0.3, -0.2, 0.0, 0.9, 0.1]
    low, high = bounded_interval(bounded_sample(values, CHANGE))
    assert bounded_interval(bounded_sample([-value for value in values], CHANGE)) == pytest.approx((-high, -low))


@pytest.mark.parametrize("values", [[1.0] * 7, [-1.0] * 7])
def test_the_end_of_the_scale_leaves_the_other_side_open(values):
    low, high = bounded_interval(bounded_sample(values, CHANGE))
    assert -1 <= low <= values[0] <= high <= 1
    assert high - low > 0.5


@pytest.mark.parametrize("values", [[], [0.2, 1.5]])
def test_no_values_or_values_outside_the_scale_are_an_error(values):
    with pytest.raises(InputError):
        bounded_sample(values, CHANGE)
