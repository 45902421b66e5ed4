"""What the answers cost, and the budget that stops the asking before it is passed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import NamedTuple

from preceptor.core.errors import NotAllowedError

ROUNDING_DOLLARS = 1e-9


@dataclass(frozen=True, kw_only=True)
class Prices:
    """US dollars for a million tokens; None where the user did not say."""

    input_per_million: float | None = None
    output_per_million: float | None = None

    @property
    def are_known(self) -> bool:
        """True when both are."""
        return self.input_per_million is not None and self.output_per_million is not None

    def cost(self, input_tokens: int | None, output_tokens: int | None) -> float | None:
        """Dollars of one answer, or None where a price or a count is unknown.

        >>> Prices(input_per_million=2.0, output_per_million=8.0).cost(1000, 500)
        0.006
        """
        if None in (self.input_per_million, self.output_per_million, input_tokens, output_tokens):
            return None
        dollars = (self.input_per_million or 0) * (input_tokens or 0)
        dollars += (self.output_per_million or 0) * (output_tokens or 0)
        return dollars / 1_000_000


FREE = Prices(input_per_million=0.0, output_per_million=0.0)
"""What an answer of this machine costs."""


class Spend(NamedTuple):
    """An amount of both things that a budget can limit."""

    dollars: float
    tokens: int


NOTHING = Spend(dollars=0.0, tokens=0)


@dataclass(kw_only=True)
class Budget:
    """The dollars and tokens (input and output together) of a run, held against the user's limits (None: no limit).

    The target and the judges of a run share one. Each request first reserves the most that it can
    take, and gives back what it did not need, so requests under way cannot pass the limits together.
    `spent` and `tokens` are what the answers took; a resumed run starts from its earlier ones.
    `name` is what messages call it. One event loop only.
    """

    limit: float | None = None
    max_tokens: int | None = None
    spent: float = 0.0
    tokens: int = 0
    name: str = "budget"
    _reserved_dollars: float = field(default=0.0, repr=False)
    _reserved_tokens: int = field(default=0, repr=False)
    _num_under_way: int = field(default=0, repr=False)
    _waiting: list[asyncio.Future[None]] = field(default_factory=list, repr=False)

    async def reserve(self, most: Spend) -> None:
        """Nothing, once there is room for `most`.

        Waits while requests under way may still give some back. Raises NotAllowedError when there
        would be no room even if they took nothing.
        """
        while not self._has_room(most, self._reserved_dollars, self._reserved_tokens):
            if not self._has_room(most, 0.0, 0):
                raise NotAllowedError(self._refusal(most))
            settled = asyncio.get_running_loop().create_future()
            self._waiting.append(settled)
            await settled
        self._reserved_dollars += most.dollars
        self._reserved_tokens += most.tokens
        self._num_under_way += 1

    def settle(self, most: Spend, used: Spend) -> None:
        """Turn a reservation of `most` into what was `used`."""
        self._num_under_way -= 1
        # At rest nothing is reserved; sums of fractions would leave a trace.
        self._reserved_dollars = self._reserved_dollars - most.dollars if self._num_under_way else 0.0
        self._reserved_tokens -= most.tokens
        self.spent += used.dollars
        self.tokens += used.tokens
        waiting, self._waiting = self._waiting, []
        for settled in waiting:
            if not settled.done():
                settled.set_result(None)

    def _has_room(self, most: Spend, reserved_dollars: float, reserved_tokens: int) -> bool:
        dollars = self.spent + reserved_dollars + most.dollars
        if self.limit is not None and dollars > self.limit + ROUNDING_DOLLARS:
            return False
        return self.max_tokens is None or self.tokens + reserved_tokens + most.tokens <= self.max_tokens

    def _refusal(self, most: Spend) -> str:
        if self.limit is not None and self.spent + most.dollars > self.limit + ROUNDING_DOLLARS:
            return (
                f"the {self.name} of ${self.limit:g} has no room for the next request: ${self.spent:.6f} are spent and "
                f"it may cost up to ${most.dollars:.6f}; raise the {self.name} to go on, what is answered is kept"
            )
        return (
            f"the {self.name} of {self.max_tokens:,} tokens has no room for the next request: {self.tokens:,} are used "
            f"and it may take up to {most.tokens:,}; raise the {self.name} to go on, what is answered is kept"
        )
