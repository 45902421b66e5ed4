import pytest

from preceptor.core.errors import NotAllowedError
from preceptor.models.spend import Budget, Prices


def test_cost_is_tokens_times_price():
    """By hand: 2,000,000 x $3 / 1e6 + 100,000 x $15 / 1e6 = $7.50."""
    assert Prices(input_per_million=3, output_per_million=15).cost(2_000_000, 100_000) == 7.5


def test_cost_is_unknown_where_a_price_or_a_count_is():
    assert Prices(input_per_million=3).cost(1, 1) is None
    assert Prices(input_per_million=3, output_per_million=15).cost(None, 1) is None


def test_the_limit_stops_the_request_after_the_one_that_reached_it():
    budget = Budget(limit=1.0)
    budget.check()
    budget.add(1.0)
    with pytest.raises(NotAllowedError, match=r"spend limit of \$1; raise spend_limit"):
        budget.check()


def test_a_limit_that_cannot_be_held_stops_too():
    """An answer of unknown cost must not count as free."""
    budget = Budget(limit=1.0)
    budget.add(None)
    with pytest.raises(NotAllowedError, match="cannot be held"):
        budget.check()


def test_without_a_limit_nothing_stops():
    budget = Budget(limit=None)
    budget.add(1e9)
    budget.add(None)
    budget.check()
