"""What all providers behind an HTTP address share: one post an answer, its tokens, its cost, its time."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from preceptor.core.json_values import JsonObject
from preceptor.models.budgeted_model import BudgetedModel
from preceptor.models.client import Address, Client, open_client
from preceptor.models.estimate import estimate_tokens, most_output_tokens
from preceptor.models.http_settings import HttpSettings
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.spend import Budget
from preceptor.models.types import ChatRequest, Completion
from preceptor.settings import Secret


@dataclass(frozen=True, kw_only=True)
class HttpProvider(HttpSettings, abc.ABC):
    """A provider that is asked by posting JSON; a plugin says only how its endpoint words things."""

    @property
    @abc.abstractmethod
    def path(self) -> str:
        """The endpoint below `base_url`, without a slash before it."""

    @abc.abstractmethod
    def headers(self, key: Secret | None) -> Mapping[str, str]:
        """The headers that carry the key, and whatever else the endpoint asks for."""

    @abc.abstractmethod
    def body(self, request: ChatRequest) -> JsonObject:
        """The request as the endpoint words it."""

    @abc.abstractmethod
    def completion(self, answer: JsonObject) -> Completion:
        """The completion in an answer, with its tokens.

        Raises InfraFailure for an answer of another shape, ModelFailure for one that was held back.
        """

    @asynccontextmanager
    async def open(self, resources: Resources) -> AsyncIterator[ChatModel]:
        """A connection that holds the key, keeps the pace and holds the spend limit."""
        key = self.read_key(resources)
        address = Address(
            url=f"{self.base_url.rstrip('/')}/{self.path}",
            headers=self.headers(key),
            secret=key,
            variable=self.api_key_variable,
            timeout_seconds=self.timeout_seconds,
            max_retries=self.max_retries,
            limits=self.limits,
        )
        async with open_client(address, resources) as client:
            connection = _Connection(provider=self, client=client)
            yield connection if self.spend_limit is None else self._limited(connection, self.spend_limit)

    def _limited(self, connection: ChatModel, spend_limit: float) -> ChatModel:
        return BudgetedModel(
            model=connection,
            budget=Budget(limit=spend_limit, name="spend_limit"),
            prices=self.prices,
            output_tokens=most_output_tokens({"extra_body": self.extra_body}),
        )


@dataclass(frozen=True, kw_only=True)
class _Connection:
    provider: HttpProvider
    client: Client

    async def complete(self, request: ChatRequest) -> Completion:
        provider, stopwatch = self.provider, self.client.resources.stopwatch
        body = provider.with_extras(provider.body(request))
        num_tokens = 0
        if provider.tokens_per_minute is not None:
            num_tokens = estimate_tokens(request) + request.sampling.max_tokens
        start = stopwatch()
        answer = await self.client.post(body, num_tokens)
        seconds = stopwatch() - start
        completion = provider.completion(answer)
        num_in, num_out = completion.usage.input_tokens, completion.usage.output_tokens
        if num_in is not None and num_out is not None:
            self.client.pace.correct_tokens(num_tokens, num_in + num_out)
        usage = dataclasses.replace(completion.usage, cost=provider.prices.cost(num_in, num_out))
        return dataclasses.replace(completion, usage=usage, latency_seconds=seconds)
