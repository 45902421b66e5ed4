import pytest

from preceptor.core.errors import InputError
from preceptor.stats.paired import Flips, mcnemar_exact_p, tango_interval, tango_statistic


def test_tango_gives_the_interval_of_ratesci():
    """ratesci: b = 1, c = 7, n = 21, difference (b - c) / n, gives (-.517, -.026)."""
    assert tango_interval(Flips(gained=1, lost=7, n=21)) == pytest.approx((-0.517, -0.026), abs=5e-4)


def test_tango_gives_the_interval_of_prop_cis():
    """PropCIs scoreci.mp(25, 28, 618) at 90 %; its difference is (c - b) / n, the other way round."""
    found = tango_interval(Flips(gained=28, lost=25, n=618), confidence=0.90)
    assert found == pytest.approx((-0.0148, 0.0247), abs=5e-5)


def test_the_ends_are_where_the_score_statistic_is_the_quantile():
    """The definition in Tango (1998)."""
    flips = Flips(gained=12, lost=20, n=150)
    low, high = tango_interval(flips)
    assert tango_statistic(12.0, 20.0, 150, low) == pytest.approx(1.959964, abs=1e-5)
    assert tango_statistic(12.0, 20.0, 150, high) == pytest.approx(-1.959964, abs=1e-5)


def test_no_flips_are_not_certainty():
    """By hand: with b = c = 0 the statistic is sqrt(n d / (1 - d)), so the end is z^2 / (n + z^2)."""
    z_squared = 1.959964**2
    assert tango_interval(Flips(gained=0, lost=0, n=100)).high == pytest.approx(z_squared / (100 + z_squared), abs=1e-7)


def test_everything_flipped_one_way_reaches_the_end_of_the_scale_only_there():
    low, high = tango_interval(Flips(gained=0, lost=10, n=10))
    assert low == pytest.approx(-1)
    assert -1 < high < -0.4
    assert tango_interval(Flips(gained=10, lost=0, n=10)) == pytest.approx((-high, -low))


def test_mcnemar_gives_the_published_p_value():
    """[[101, 121], [59, 33]]: exact p 4.434e-06 (R contingencytables)."""
    assert mcnemar_exact_p(Flips(gained=59, lost=121, n=314)) == pytest.approx(4.434e-06, rel=1e-3)


@pytest.mark.parametrize(
    ("gained", "lost", "p_value"), [(0, 0, 1), (4, 4, 1), (0, 1, 1), (0, 5, 2 / 32), (1, 5, 14 / 64)]
)
def test_mcnemar_by_hand(gained, lost, p_value):
    """Twice the binomial tail: 1 + 6 of 64 outcomes have at most one gain in six."""
    assert mcnemar_exact_p(Flips(gained=gained, lost=lost, n=20)) == pytest.approx(p_value)


@pytest.mark.parametrize("flips", [Flips(0, 0, 0), Flips(-1, 0, 5), Flips(3, 3, 5)])
def test_impossible_counts_are_errors(flips):
    with pytest.raises(InputError):
        tango_interval(flips)
