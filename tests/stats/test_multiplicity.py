import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats.multiplicity import benjamini_hochberg, holm

BH_1995 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip


def test_both_give_the_values_worked_by_hand():
    p_values = [0.01, 0.04, 0.03, 0.005]
    assert holm(p_values) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert benjamini_hochberg(p_values) == pytest.approx((0.02, 0.04, 0.04, 0.02))


def test_benjamini_and_hochberg_reject_four_of_their_fifteen():
    """The thrombolysis example of the paper; Bonferroni, and Holm with it, reject three."""
    assert sum(p <= 0.05 for p in benjamini_hochberg(BH_1995)) == 4
    assert sum(p <= 0.05 for p in holm(BH_1995)) == 3


def test_order_is_kept_and_ties_stay_tied():
    assert holm([0.5, 0.01, 0.01]) == pytest.approx((0.5, 0.03, 0.03))


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_none_is_none_one_is_itself_and_nothing_exceeds_one(adjust):
    assert adjust([]) == ()
    assert adjust([0.3]) == pytest.approx((0.3,))
    assert max(adjust([0.9, 0.8, 0.99])) <= 1


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_no_p_value_is_an_error(adjust, p):
    with pytest.raises(InputError, match="no p-value"):
        adjust([0.5, p])


def test_with_no_difference_in_twenty_slices_a_no_is_rare():
    """Simulated: unadjusted, 64 % of releases without any difference would show one (1 - .95^20)."""
    rng = np.random.default_rng(4)
    p_values = rng.random((2000, 20))
    adjusted = np.mean([min(holm(row)) <= 0.05 for row in p_values])
    assert adjusted <= 0.05 + 3 * (0.05 * 0.95 / 2000) ** 0.5
    assert np.mean(p_values.min(axis=1) <= 0.05) > 0.6
