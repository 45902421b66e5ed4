import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats.bounded_mean import bounded_p_above, bounded_sample
from preceptor.stats.exact_paired import exact_p_above
from preceptor.stats.paired import Flips
from preceptor.stats.planning import Design, plan, power_of, smallest_margin
from preceptor.stats.types import Interval


def test_without_flips_two_points_take_183_cases():
    """.98^183 is the first power below .025."""
    assert plan(Design(margin=0.02, discordance=0.0)).n == 183


def test_the_plan_comes_near_the_normal_approximation():
    """By hand: (1.96 + .8416)^2 x .05 / .02^2 = 981 pairs; the exact test asks for a little more."""
    assert 981 <= plan(Design(margin=0.02, discordance=0.05)).n <= 1080


def test_the_power_is_the_share_of_simulated_releases_that_pass():
    """100 pairs, one in ten flips: 4,000 releases judged by the test itself."""
    design = Design(margin=0.1, discordance=0.1)
    flips = np.random.default_rng(3).multinomial(100, [0.05, 0.05, 0.9], 4000)
    kinds, counts = np.unique(flips, axis=0, return_counts=True)
    passed = sum(
        count
        for (gained, lost, _), count in zip(kinds.tolist(), counts, strict=True)
        if exact_p_above(Flips(gained, lost, 100), -0.1) <= 0.025
    )
    assert power_of(design, 100) == pytest.approx(passed / 4000, abs=0.03)


def test_a_graded_plan_passes_as_often_as_it_says():
    """Simulated: normal changes with the spread planned for, judged by the bounded test."""
    n = plan(Design(margin=0.05, spread=0.2)).n
    rng = np.random.default_rng(4)
    samples = rng.normal(0, 0.2, (400, n)).clip(-1, 1)
    passed = np.mean([bounded_p_above(bounded_sample(one, Interval(-1.0, 1.0)), -0.05) <= 0.025 for one in samples])
    assert passed == pytest.approx(0.8, abs=0.07)


def test_clusters_cost_their_design_effect():
    """Kish: 1 + 4 x .3 = 2.2."""
    alone, together = Design(margin=0.05, spread=0.2), Design(margin=0.05, spread=0.2, cluster_size=5, icc=0.3)
    found = plan(together)
    assert found.design_effect == pytest.approx(2.2)
    assert found.n == found.num_clusters * 5
    assert found.n > 2.2 * plan(alone).n


def test_more_power_or_a_finer_margin_needs_more_cases():
    design = Design(margin=0.05, discordance=0.1)
    assert plan(Design(margin=0.05, discordance=0.1, power=0.9)).n > plan(design).n
    assert plan(Design(margin=0.03, discordance=0.1)).n > plan(design).n


@pytest.mark.parametrize("design", [Design(margin=0.05, discordance=0.1), Design(margin=0.05, spread=0.2)])
def test_the_smallest_margin_is_the_plan_turned_round(design):
    assert smallest_margin(design, plan(design).n) == pytest.approx(0.05, abs=0.003)


def test_a_design_that_takes_too_many_cases_has_no_n():
    assert plan(Design(margin=0.0001, spread=0.5)).n is None


@pytest.mark.parametrize(
    "settings",
    [
        {"margin": 0.02},
        {"margin": 0.02, "discordance": 0.1, "spread": 0.1},
        {"margin": 0.02, "discordance": 1.2},
        {"margin": 0.02, "spread": -0.1},
        {"margin": 0.02, "discordance": 0.1, "difference": -0.03},
        {"margin": 0.02, "discordance": 0.1, "power": 1.0},
        {"margin": 0.02, "discordance": 0.1, "cluster_size": 0},
        {"margin": 0.02, "discordance": 0.1, "icc": 2.0},
    ],
)
def test_impossible_designs_are_errors(settings):
    with pytest.raises(InputError):
        Design(**settings)
