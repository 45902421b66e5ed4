import pytest

from preceptor.core.errors import InputError
from preceptor.stats.two_shares import Share, miettinen_nurminen, newcombe


def test_miettinen_and_nurminen_give_the_published_interval():
    """0/16 against 15/72 (tests of R contingencytables); a library that is wrong here raises or differs."""
    assert miettinen_nurminen(Share(0, 16), Share(15, 72)) == pytest.approx((-0.3164, -0.0056), abs=5e-5)


def test_the_interval_that_a_known_library_gets_wrong():
    """56/70 against 48/80 is (.0528, .3382), not (.0526, .3440)."""
    assert miettinen_nurminen(Share(56, 70), Share(48, 80)) == pytest.approx((0.0528, 0.3382), abs=5e-5)


def test_mee_and_newcombe_give_the_published_intervals():
    """7/34 against 1/34."""
    first, second = Share(7, 34), Share(1, 34)
    assert miettinen_nurminen(first, second, corrected=False) == pytest.approx((0.0284, 0.3439), abs=5e-5)
    assert newcombe(first, second) == pytest.approx((0.0189, 0.3404), abs=5e-5)


@pytest.mark.parametrize("interval", [miettinen_nurminen, newcombe])
@pytest.mark.parametrize(("first", "second"), [((0, 9), (0, 9)), ((9, 9), (9, 9)), ((0, 5), (5, 5)), ((1, 1), (0, 1))])
def test_it_always_has_width_and_holds_the_difference(interval, first, second):
    low, high = interval(Share(*first), Share(*second))
    assert -1 <= low <= first[0] / first[1] - second[0] / second[1] <= high <= 1
    assert high - low > 0.2


@pytest.mark.parametrize("interval", [miettinen_nurminen, newcombe])
def test_it_mirrors_when_the_sides_are_swapped(interval):
    low, high = interval(Share(13, 40), Share(3, 25))
    assert interval(Share(3, 25), Share(13, 40)) == pytest.approx((-high, -low))


@pytest.mark.parametrize("share", [Share(1, 0), Share(3, 2), Share(-1, 4)])
def test_impossible_counts_are_errors(share):
    with pytest.raises(InputError):
        miettinen_nurminen(share, Share(1, 2))
