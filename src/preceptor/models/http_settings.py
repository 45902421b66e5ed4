"""The settings that every provider behind an HTTP address shares, and the check of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from preceptor.core.errors import InputError, NotAllowedError
from preceptor.core.json_values import JsonObject
from preceptor.models.pacing import PaceLimits
from preceptor.models.provider import Resources
from preceptor.models.spend import Prices
from preceptor.settings import Secret

MAX_TIMEOUT_SECONDS = 3600
MAX_RETRIES = 20
MAX_CONCURRENCY = 1024


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """Where the model is, how patiently to ask, and what it may cost.

    Prices are dollars for a million tokens; `spend_limit` is in dollars and holds for one
    connection. Never more than `max_concurrency` requests are under way; `requests_per_minute` and
    `tokens_per_minute` (input and output together) are what the contract with the provider allows,
    None where that is unknown. `extra_body` is merged into each request and wins; a null in it takes a field
    out, for servers that know it under another name. Settings are stored and shared, so the key
    itself is never one of them: only the variable that holds it is.
    """

    model: str
    base_url: str
    api_key_variable: str | None
    timeout_seconds: float = 120.0
    max_retries: int = 5
    input_price: float | None = None
    output_price: float | None = None
    spend_limit: float | None = None
    max_concurrency: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    extra_body: JsonObject = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.model:
            raise InputError("model is empty; write the model's name as the provider spells it")
        _check_address(self.base_url)
        if not 0 < self.timeout_seconds <= MAX_TIMEOUT_SECONDS:
            raise InputError(f"timeout_seconds is {self.timeout_seconds!r}; give 1 to {MAX_TIMEOUT_SECONDS}")
        if not 0 <= self.max_retries <= MAX_RETRIES:
            raise InputError(f"max_retries is {self.max_retries!r}; give 0 to {MAX_RETRIES}")
        if not 1 <= self.max_concurrency <= MAX_CONCURRENCY:
            raise InputError(f"max_concurrency is {self.max_concurrency!r}; give 1 to {MAX_CONCURRENCY}")
        rates = {"requests_per_minute": self.requests_per_minute, "tokens_per_minute": self.tokens_per_minute}
        for name, rate in rates.items():
            if rate is not None and not (rate > 0 and math.isfinite(rate)):
                raise InputError(f"{name} is {rate!r}; give a number above 0, or leave it out for no limit")
        amounts = {"input_price": self.input_price, "output_price": self.output_price, "spend_limit": self.spend_limit}
        for name, amount in amounts.items():
            if amount is not None and not (amount >= 0 and math.isfinite(amount)):
                raise InputError(f"{name} is {amount!r}; give dollars, 0 or more")
        if self.spend_limit is not None and None in (self.input_price, self.output_price):
            raise InputError("spend_limit needs input_price and output_price (dollars for a million tokens)")

    @property
    def prices(self) -> Prices:
        """The two prices together."""
        return Prices(input_per_million=self.input_price, output_per_million=self.output_price)

    @property
    def limits(self) -> PaceLimits:
        """How many requests and tokens at once and in a minute."""
        return PaceLimits(
            max_concurrency=self.max_concurrency,
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
        )

    def deciding_settings(self) -> JsonObject | None:
        """Model, address and extra fields; patience, pace, key and prices decide no answer."""
        return {"model": self.model, "base_url": self.base_url, "extra_body": self.extra_body}

    def read_key(self, resources: Resources) -> Secret | None:
        """The key in the variable that the settings name, or None when they name none.

        Raises NotAllowedError when the variable is not set and InputError when its text cannot
        be a key; neither shows the text.
        """
        variable = self.api_key_variable
        if variable is None:
            return None
        key = resources.secret(variable)
        if key is None:
            raise NotAllowedError(
                f"{variable} is not set; put the key for {self.base_url} there, "
                "or write `api_key_variable: null` for a server that needs none"
            )
        if not all("!" <= character <= "~" for character in key.reveal()):
            raise InputError(f"the text in {variable} holds a space, a line break or a special character; no key does")
        return key

    def with_extras(self, body: JsonObject) -> JsonObject:
        """The body with `extra_body` merged in and its nulls taken out."""
        return {name: value for name, value in {**body, **self.extra_body}.items() if value is not None}


def _check_address(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise InputError(f"base_url is {base_url!r}; write an http or https address")
    if parts.username or parts.password or parts.query or parts.fragment:
        # The address itself is not shown: it may hold a password.
        raise InputError("base_url holds a user, a password or a query; put keys into the environment instead")
