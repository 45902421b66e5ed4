import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from preceptor.stats.exact_paired import OUTSIDE, exact_interval, exact_p_above
from preceptor.stats.paired import Flips, mcnemar_exact_p, tango_interval, tango_statistic

LEVEL = 0.025


def passing(n: int, margin: float) -> npt.NDArray[np.bool_]:
    """For each pair of counts (gained, lost) whether the test shows a loss inside the margin: every one is tried."""
    shown = np.zeros((n + 1, n + 1), dtype=bool)
    for gained in range(n + 1):
        for lost in range(n + 1 - gained):
            shown[gained, lost] = exact_p_above(Flips(gained, lost, n), -margin) <= LEVEL
    return shown


def passing_by_boundary(n: int, margin: float) -> npt.NDArray[np.bool_]:
    """The same, for larger n: for each number gained, losses are added until the test says no."""
    shown = np.zeros((n + 1, n + 1), dtype=bool)
    most = 0
    for gained in range(n + 1):
        while gained + most <= n and exact_p_above(Flips(gained, most, n), -margin) <= LEVEL:
            most += 1
        shown[gained, : min(most, n + 1 - gained)] = True
    return shown


def largest_chance(shown: npt.NDArray[np.bool_], loss: float) -> float:
    """The chance to pass when the true loss is `loss`, at the worst of 500 discordances: exact trinomial sums."""
    n = len(shown) - 1
    counts = np.arange(n + 1)
    worst = 0.0
    for share_gained in np.linspace(max(0.0, -loss), (1 - loss) / 2, 500):
        gained_chances = stats.binom.pmf(counts, n, share_gained)
        among_rest = min(1.0, (share_gained + loss) / (1 - share_gained))
        lost_chances = stats.binom.pmf(counts[None, :], n - counts[:, None], among_rest)
        worst = max(worst, float((gained_chances[:, None] * lost_chances * shown).sum()))
    return worst


@pytest.mark.parametrize("margin", [0.01, 0.05, 0.10])
def test_a_candidate_worse_by_the_margin_passes_in_at_most_one_of_forty(margin):
    """By enumeration of every result at n = 20; also for losses beyond the margin."""
    shown = passing(20, margin)
    assert largest_chance(shown, margin) <= LEVEL
    assert largest_chance(shown, margin + 0.01) <= LEVEL


@pytest.mark.parametrize(("n", "margin"), [(60, 0.05), (100, 0.10), (185, 0.02)])
def test_the_promise_holds_at_larger_n(n, margin):
    """And the test wastes little of what it may: the chance is also close to one in forty."""
    assert 0.022 < largest_chance(passing_by_boundary(n, margin), margin) <= LEVEL


@pytest.mark.parametrize("gain", [0.0, 0.1, 0.4])
def test_a_gain_that_is_not_there_is_seldom_shown(gain):
    """By enumeration at n = 20, also where few cases flip at all: then even all gains are too few."""
    shown = passing(20, -gain)
    assert largest_chance(shown, -gain) <= LEVEL
    counts = np.arange(21)
    for share_gained in np.linspace(0, gain, 20):
        only_gains = stats.binom.pmf(counts, 20, share_gained)
        assert float((only_gains * shown[:, 0]).sum()) <= LEVEL


def test_flips_too_few_for_a_large_gain_do_not_show_it():
    """20 gained of 100 are not a gain of more than half, whatever else is true."""
    assert exact_p_above(Flips(20, 0, 100), 0.5) > 0.999


def test_tango_alone_would_break_the_promise():
    """The reason for the exact test: 3.6 % at n = 20, margin .05, where 2.5 % was promised."""
    counts = np.arange(21.0)
    statistic = tango_statistic(counts[:, None], counts[None, :], 20, -0.05)
    shown = (statistic > 1.959964) & (counts[:, None] + counts[None, :] <= 20)
    assert largest_chance(shown, 0.05) == pytest.approx(0.036, abs=5e-4)


@pytest.mark.parametrize(("n", "is_shown"), [(182, False), (183, True)])
def test_no_flips_show_a_two_point_margin_from_183_on(n, is_shown):
    """.98^182 = .0253 and .98^183 = .0248."""
    assert (exact_p_above(Flips(0, 0, n), -0.02) <= LEVEL) is is_shown


@pytest.mark.parametrize(("n", "margin"), [(30, 0.2), (72, 0.05), (367, 0.01)])
def test_no_flips_are_never_rarer_than_they_can_be(n, margin):
    """If all flips are losses, none are seen with chance (1 - margin)^n: the p-value is that, or a little more."""
    chance = (1 - margin) ** n
    assert chance <= exact_p_above(Flips(0, 0, n), -margin) <= 1.5 * chance


def test_without_a_margin_it_is_close_to_mcnemar():
    """Both test the same claim; the unconditional one is the less conservative."""
    flips = Flips(gained=30, lost=12, n=200)
    assert 0.3 * mcnemar_exact_p(flips) / 2 < exact_p_above(flips, 0.0) < mcnemar_exact_p(flips) / 2


@pytest.mark.parametrize("flips", [Flips(3, 9, 40), Flips(30, 30, 300), Flips(500, 520, 10_000)])
def test_the_interval_lies_close_to_tango(flips):
    """Two ways to the same interval: at most a tenth of its width apart."""
    exact, tango = exact_interval(flips), tango_interval(flips)
    width = tango.high - tango.low
    assert exact == pytest.approx(tango, abs=width / 10)


@pytest.mark.parametrize(
    "flips", [Flips(0, 0, 1), Flips(0, 0, 50), Flips(0, 12, 12), Flips(12, 0, 12), Flips(6, 6, 12)]
)
def test_the_interval_has_width_and_holds_the_difference(flips):
    low, high = exact_interval(flips)
    assert -1 <= low <= flips.difference <= high <= 1
    assert high - low > 0.05


def test_the_interval_mirrors_when_the_sides_are_swapped():
    low, high = exact_interval(Flips(4, 9, 80))
    assert exact_interval(Flips(9, 4, 80)) == pytest.approx((-high, -low))


@pytest.mark.parametrize("n", range(178, 190))
def test_the_interval_and_the_test_say_the_same(n):
    flips = Flips(0, 0, n)
    is_shown = exact_p_above(flips, -0.02) <= LEVEL
    assert (exact_interval(flips, told_apart=-0.02).low > -0.02) is is_shown


@pytest.mark.parametrize(("difference", "expected"), [(1.0, 1.0), (-1.0, 0.0)])
def test_at_the_ends_of_the_scale_the_answer_is_certain(difference, expected):
    assert exact_p_above(Flips(5, 5, 10), difference) == expected


def test_flips_that_cannot_fit_the_supposed_difference_leave_only_the_chance_given_away():
    """No flips in 5,000 pairs do not fit a loss of one half."""
    assert exact_p_above(Flips(0, 0, 5000), -0.5) == OUTSIDE
