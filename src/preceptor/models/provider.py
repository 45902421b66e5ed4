"""What a model provider is: settings that open a connection to a model."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from preceptor.core.clock import Clock, system_clock
from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.models.spend import Prices
from preceptor.models.types import ChatRequest, Completion
from preceptor.settings import Secret


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What the machine lends a provider: keys by name, the cache folder, threads, time and chance.

    `folder` is where relative paths in settings start from. `sleep`, `clock` and `stopwatch`
    (seconds that only grow) and `random` (from 0 up to 1) are handed in, so that a test waits for nothing.
    """

    secret: Callable[[str], Secret | None]
    cache_folder: Path
    threads: int = 1
    folder: Path = Path()
    clock: Clock = system_clock
    stopwatch: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random


class ChatModel(Protocol):
    """An open connection; several requests may be under way at once."""

    async def complete(self, request: ChatRequest) -> Completion:
        """The model's answer.

        Raises a ProviderError of `models.failures` when there is none: that is this request's
        fate. NotAllowedError (no key, a refused key, the spend limit) and NotFoundError (no such
        recording) mean that asking further is useless.
        """
        ...


class ModelProvider(Protocol):
    """A plugin: its fields are the settings, `open` gives the model behind them."""

    version: ClassVar[int]
    model: str

    @property
    def prices(self) -> Prices:
        """What its answers cost; zero where nothing is paid, None in both where the user did not say."""
        ...

    def deciding_settings(self) -> JsonObject | None:
        """The settings that decide the answer, under which it may be kept and given again.

        None where keeping makes no sense: answers that are read from a file, a model that may change unseen.
        """
        ...

    def open(self, resources: Resources) -> AbstractAsyncContextManager[ChatModel]:
        """A connection, closed at the end of the `async with` block."""
        ...


providers: Registry[ModelProvider] = Registry(kind="provider", folder="preceptor.models.providers")


def provider_of(settings: JsonObject) -> ModelProvider:
    """The provider that its settings (`kind` and the rest) name; InputError with every mistake in them."""
    return providers.create(
        str(settings.get("kind")), {name: value for name, value in settings.items() if name != "kind"}
    )
