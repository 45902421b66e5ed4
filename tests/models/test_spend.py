import asyncio

import pytest

from preceptor.core.errors import NotAllowedError
from preceptor.models.spend import Budget, Prices, Spend


def test_cost_is_tokens_times_price():
    """By hand: 2,000,000 x $3 / 1e6 + 100,000 x $15 / 1e6 = $7.50."""
    assert Prices(input_per_million=3, output_per_million=15).cost(2_000_000, 100_000) == 7.5


def test_cost_is_unknown_where_a_price_or_a_count_is():
    assert Prices(input_per_million=3).cost(1, 1) is None
    assert Prices(input_per_million=3, output_per_million=15).cost(None, 1) is None


async def test_a_request_that_does_not_fit_is_refused_before_it_is_sent():
    budget = Budget(limit=1.0, spent=0.75)
    await budget.reserve(Spend(dollars=0.25, tokens=0))
    budget.settle(Spend(dollars=0.25, tokens=0), Spend(dollars=0.1, tokens=0))
    with pytest.raises(NotAllowedError, match=r"budget of \$1 has no room .*\$0\.850000 are spent.*up to \$0\.250000"):
        await budget.reserve(Spend(dollars=0.25, tokens=0))


async def test_requests_under_way_count_with_the_most_they_can_take():
    """Two of $0.6 do not fit into $1 together; the second waits, and goes when the first took less."""
    budget = Budget(limit=1.0)
    most = Spend(dollars=0.6, tokens=0)
    await budget.reserve(most)
    second = asyncio.create_task(budget.reserve(most))
    await asyncio.sleep(0)
    assert not second.done()
    budget.settle(most, Spend(dollars=0.3, tokens=0))
    await asyncio.wait_for(second, 1)


async def test_the_second_is_refused_when_the_first_took_its_most():
    budget = Budget(limit=1.0)
    most = Spend(dollars=0.6, tokens=0)
    await budget.reserve(most)
    second = asyncio.create_task(budget.reserve(most))
    await asyncio.sleep(0)
    budget.settle(most, most)
    with pytest.raises(NotAllowedError, match="no room"):
        await asyncio.wait_for(second, 1)


async def test_tokens_have_their_own_limit():
    budget = Budget(max_tokens=1000)
    most = Spend(dollars=5.0, tokens=600)
    await budget.reserve(most)
    budget.settle(most, Spend(dollars=5.0, tokens=500))
    with pytest.raises(NotAllowedError, match="1,000 tokens has no room .*500 are used and it may take up to 600"):
        await budget.reserve(most)


async def test_a_budget_used_up_to_the_last_cent_has_no_rounding_gap():
    """Ten times $0.1 is $1, though the sum of the fractions is a little less or more."""
    budget = Budget(limit=1.0)
    tenth = Spend(dollars=0.1, tokens=1)
    for _ in range(10):
        await budget.reserve(tenth)
    for _ in range(10):
        budget.settle(tenth, tenth)
    with pytest.raises(NotAllowedError):
        await budget.reserve(tenth)


async def test_without_limits_nothing_stops():
    budget = Budget()
    for _ in range(3):
        await budget.reserve(Spend(dollars=1e9, tokens=10**12))
