"""How often each interval of `stats/` holds the truth: exact by enumeration where that is cheap, else simulated.

A 95 % interval that promises its mean coverage stays within 1.5 points of it; one that promises at least 95 % never
falls below; where neither is promised, what was seen stands in the interval's docstring and here. `ppi.py` and
`kappa.py` have their own tests of coverage.
"""

import numpy as np
import pytest
from scipy import special, stats

from preceptor.stats.bootstrap import bca_mean
from preceptor.stats.bounded_mean import bounded_interval, bounded_sample
from preceptor.stats.exact_paired import exact_interval
from preceptor.stats.intervals import clopper_pearson, wilson
from preceptor.stats.means import mean_interval, mean_sample
from preceptor.stats.paired import Flips, tango_interval
from preceptor.stats.two_shares import Share, miettinen_nurminen, newcombe
from preceptor.stats.types import Interval

CHANGE = Interval(-1.0, 1.0)
NOMINAL, NEAR = 0.95, 0.015


def share_coverage(interval, n, shares):
    """By enumeration, at each of the shares."""
    counts = np.arange(n + 1)
    ends = np.array([interval(int(count), n) for count in counts])
    chances = stats.binom.pmf(counts[:, None], n, shares[None, :])
    return (chances * (ends[:, :1] <= shares) * (shares <= ends[:, 1:])).sum(axis=0)


def flips_coverage(interval, n, gain, loss):
    """By enumeration of every (gained, lost) that has a chance."""
    covered = 0.0
    for gained in range(n + 1):
        for lost in range(n + 1 - gained):
            chance = stats.multinomial.pmf([gained, lost, n - gained - lost], n, [gain, loss, 1 - gain - loss])
            if chance > 1e-6:
                low, high = interval(Flips(gained, lost, n))
                covered += chance * (low <= gain - loss <= high)
    return covered


def two_share_coverage(interval, sizes, shares):
    (n, m), (p, q) = sizes, shares
    chances = np.outer(stats.binom.pmf(np.arange(n + 1), n, p), stats.binom.pmf(np.arange(m + 1), m, q))
    covered = 0.0
    for (x, y), chance in np.ndenumerate(chances):
        if chance > 1e-5:
            low, high = interval(Share(x, n), Share(y, m))
            covered += chance * (low <= p - q <= high)
    return covered


@pytest.mark.parametrize("n", [20, 50, 200])
def test_wilson_keeps_its_mean_coverage(n):
    """Over shares from .02 to .98; at single shares it falls lower, never below .88 there (the docstring says so)."""
    found = share_coverage(wilson, n, np.linspace(0.02, 0.98, 193))
    assert found.mean() == pytest.approx(NOMINAL, abs=NEAR)
    assert found.min() > 0.88


@pytest.mark.parametrize("n", [10, 20, 50, 200])
def test_clopper_pearson_never_falls_below(n):
    found = share_coverage(clopper_pearson, n, np.linspace(0.002, 0.998, 499))
    assert found.min() >= NOMINAL
    assert found.mean() < 0.995


@pytest.mark.parametrize(("gain", "loss"), [(0.1, 0.1), (0.05, 0.15), (0.3, 0.2)])
def test_tango_covers_as_it_says(gain, loss):
    assert flips_coverage(tango_interval, 40, gain, loss) == pytest.approx(NOMINAL, abs=NEAR)


@pytest.mark.parametrize(("gain", "loss"), [(0.0, 0.05), (0.05, 0.05), (0.05, 0.2)])
def test_the_exact_paired_interval_never_falls_below(gain, loss):
    assert flips_coverage(exact_interval, 20, gain, loss) >= NOMINAL


@pytest.mark.parametrize("interval", [miettinen_nurminen, newcombe])
@pytest.mark.parametrize(("sizes", "shares"), [((30, 30), (0.3, 0.5)), ((40, 20), (0.8, 0.6)), ((25, 50), (0.2, 0.2))])
def test_the_difference_of_two_shares_covers_as_it_says(interval, sizes, shares):
    assert two_share_coverage(interval, sizes, shares) == pytest.approx(NOMINAL, abs=NEAR)


def simulated(interval, draw, truth, num_samples):
    held = 0
    for _ in range(num_samples):
        low, high = interval(draw())
        held += low <= truth <= high
    return held / num_samples


def test_students_interval_covers_symmetric_changes():
    rng = np.random.default_rng(1)
    found = simulated(
        lambda x: mean_interval(mean_sample(x), bounds=CHANGE), lambda: rng.normal(0.05, 0.15, 15), 0.05, 4000
    )
    assert found == pytest.approx(NOMINAL, abs=NEAR)


@pytest.mark.parametrize("share", [0.02, 0.1])
def test_students_interval_of_sparse_changes_errs_to_the_wide_side(share):
    """By its guard: rare losses of the whole scale among 60 equal changes are covered by 97 % and more."""
    rng = np.random.default_rng(2)
    found = simulated(
        lambda x: mean_interval(mean_sample(x), bounds=CHANGE),
        lambda: -(rng.random(60) < share).astype(float),
        -share,
        1500,
    )
    assert found >= NOMINAL


def test_the_clustered_interval_covers_as_it_says():
    """25 clusters of 4 with a shared part."""
    rng = np.random.default_rng(3)
    names = [str(n) for n in range(25) for _ in range(4)]
    found = simulated(
        lambda x: mean_interval(mean_sample(x, names)),
        lambda: np.repeat(rng.normal(0, 0.2, 25), 4) + rng.normal(0, 0.2, 100),
        0.0,
        3000,
    )
    assert found == pytest.approx(NOMINAL, abs=NEAR)


def test_bca_of_200_skewed_changes_covers_nearly_as_it_says():
    rng = np.random.default_rng(4)
    found = simulated(lambda x: bca_mean(x, rng, 0.95, 1000).interval, lambda: rng.exponential(0.1, 200), 0.1, 600)
    assert found == pytest.approx(NOMINAL, abs=0.025)


def test_bca_of_20_skewed_changes_covers_too_seldom():
    """What its docstring admits: about 91 %; a gate never decides by it where the scale is known."""
    rng = np.random.default_rng(5)
    found = simulated(lambda x: bca_mean(x, rng, 0.95, 1000).interval, lambda: rng.exponential(0.1, 20), 0.1, 1000)
    assert 0.87 < found < 0.94


@pytest.mark.parametrize("n", [15, 60])
def test_the_bounded_interval_never_falls_below(n):
    """Rare falls among small changes: where Student's interval holds the truth far too seldom."""
    rng = np.random.default_rng(6)

    def draw():
        return np.where(rng.random(n) < 0.03, -0.9, rng.uniform(-0.05, 0.05, n))

    bounded = simulated(lambda x: bounded_interval(bounded_sample(x, CHANGE)), draw, -0.027, 400)
    students = simulated(lambda x: mean_interval(mean_sample(x), bounds=CHANGE), draw, -0.027, 400)
    assert bounded >= NOMINAL
    assert students < 0.9


def test_the_bounded_interval_of_clusters_never_falls_below():
    """Whole clusters of one to five cases fall at once."""
    rng = np.random.default_rng(7)

    def interval(changes):
        values, names = changes
        return bounded_interval(bounded_sample(values, CHANGE, names))

    def draw():
        sizes = rng.integers(1, 6, 40)
        falls = np.where(rng.random(40) < 0.05, -1.0, 0.0)
        return np.repeat(falls, sizes), np.repeat(np.arange(40), sizes).astype(str).tolist()

    assert simulated(interval, draw, -0.05, 400) >= NOMINAL


def test_for_three_values_the_bounded_interval_is_known_exactly():
    """By enumeration of 30 changes of -1, 0 and .2: at least 95 % whatever the mixture."""
    n, values = 30, np.array([-1.0, 0.0, 0.2])
    counts = np.array([(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)])
    ends = np.array([bounded_interval(bounded_sample(np.repeat(values, one), CHANGE)) for one in counts])
    ways = special.gammaln(n + 1) - special.gammaln(counts + 1).sum(axis=1)
    for shares in ([0.02, 0.9, 0.08], [0.1, 0.5, 0.4], [0.3, 0.3, 0.4], [0.01, 0.01, 0.98]):
        truth = float(values @ shares)
        chances = np.exp(ways + special.xlogy(counts, shares).sum(axis=1))
        assert chances[(ends[:, 0] <= truth) & (truth <= ends[:, 1])].sum() >= NOMINAL
