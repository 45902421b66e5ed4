"""What the answers cost, and the limit that stops the asking."""

from __future__ import annotations

from dataclasses import dataclass

from preceptor.core.errors import NotAllowedError


@dataclass(frozen=True, kw_only=True)
class Prices:
    """US dollars for a million tokens; None where the user did not say."""

    input_per_million: float | None = None
    output_per_million: float | None = None

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


@dataclass(kw_only=True)
class Budget:
    """The dollars spent over one connection, held against the user's limit (None: no limit).

    Asked before each request; requests already under way are not stopped, so the limit can be
    passed by what those cost.
    """

    limit: float | None
    spent: float = 0.0
    num_unpriced: int = 0

    def check(self) -> None:
        """Nothing while there is room; NotAllowedError once the limit is reached or cannot be held."""
        if self.limit is None:
            return
        if self.num_unpriced:
            raise NotAllowedError(
                f"the spend limit of ${self.limit:g} cannot be held: the provider did not say how many tokens "
                f"{self.num_unpriced} answer(s) took; remove spend_limit to go on without one"
            )
        if self.spent >= self.limit:
            raise NotAllowedError(
                f"spent ${self.spent:.4f} of the spend limit of ${self.limit:g}; raise spend_limit to go on"
            )

    def add(self, cost: float | None) -> None:
        """Count one answer's cost."""
        if cost is None:
            self.num_unpriced += 1
        else:
            self.spent += cost
