"""A judge that counts what its answers took."""

from __future__ import annotations

from dataclasses import dataclass, field

from preceptor.models.provider import ChatModel
from preceptor.models.types import ChatRequest, Completion, Usage


@dataclass(kw_only=True)
class MeteredModel:
    """Asks the model behind it and keeps the usage of each answer."""

    model: ChatModel
    usages: list[Usage] = field(default_factory=list)
    num_recorded: int = 0

    async def complete(self, request: ChatRequest) -> Completion:
        """The model's answer."""
        completion = await self.model.complete(request)
        self.usages.append(completion.usage)
        self.num_recorded += completion.recorded
        return completion

    @property
    def is_all_recorded(self) -> bool:
        """True when there were answers and every one was generated before, so that nothing was paid now."""
        return 0 < len(self.usages) == self.num_recorded


def total_usage(usages: list[Usage]) -> Usage:
    """The sum; a figure that any answer lacks is unknown in the sum too, never 0.

    >>> total_usage([Usage(input_tokens=5, output_tokens=2), Usage(input_tokens=4)])
    Usage(input_tokens=9, output_tokens=None, cost=None)
    """
    if not usages:
        return Usage()
    return Usage(
        input_tokens=_whole([usage.input_tokens for usage in usages]),
        output_tokens=_whole([usage.output_tokens for usage in usages]),
        cost=_dollars([usage.cost for usage in usages]),
    )


def _whole(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _dollars(costs: list[float | None]) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None
