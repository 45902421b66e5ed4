"""A model that is asked only what the budget still has room for."""

from __future__ import annotations

from dataclasses import dataclass

from preceptor.core.errors import InputError, ProviderError
from preceptor.models.estimate import most_input_tokens
from preceptor.models.provider import ChatModel
from preceptor.models.spend import NOTHING, Budget, Prices, Spend
from preceptor.models.types import ChatRequest, Completion


@dataclass(frozen=True, kw_only=True)
class BudgetedModel:
    """A model whose answers count against a budget that others may share.

    A request is sent only when the most it can take fits: its input (`most_input_tokens`) and an
    answer as long as its `max_tokens`, or `output_tokens` where the provider's settings say otherwise.
    Afterwards its usage counts. An answer that does not say what it took counts as the most; so does
    one that nobody waited for any more, because it may be billed. A failed request counts nothing:
    providers bill answers. (One that timed out may be billed all the same; nothing here can know.)
    """

    model: ChatModel
    budget: Budget
    prices: Prices
    output_tokens: int | None = None

    def __post_init__(self) -> None:
        if self.budget.limit is not None and not self.prices.are_known:
            raise InputError(
                f"a {self.budget.name} in dollars needs input_price and output_price (dollars for a million tokens) "
                "in the settings of the provider; write them there, 0 for a server of your own"
            )

    async def complete(self, request: ChatRequest) -> Completion:
        """The model's answer; NotAllowedError when the request does not fit into the budget."""
        most = self._most(request)
        await self.budget.reserve(most)
        used = most
        try:
            completion = await self.model.complete(request)
            used = self._used(completion, most)
        except ProviderError:
            used = NOTHING
            raise
        finally:
            self.budget.settle(most, used)
        return completion

    def _most(self, request: ChatRequest) -> Spend:
        num_in, num_out = most_input_tokens(request), self.output_tokens or request.sampling.max_tokens
        return Spend(dollars=self.prices.cost(num_in, num_out) or 0.0, tokens=num_in + num_out)

    def _used(self, completion: Completion, most: Spend) -> Spend:
        if completion.recorded:
            return NOTHING
        num_in, num_out = completion.usage.input_tokens, completion.usage.output_tokens
        cost = self.prices.cost(num_in, num_out) if self.prices.are_known else 0.0
        return Spend(
            dollars=most.dollars if cost is None else cost,
            tokens=most.tokens if num_in is None or num_out is None else num_in + num_out,
        )
