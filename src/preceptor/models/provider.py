"""What a model provider is: settings that open a connection to a model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from preceptor.core.registry import Registry
from preceptor.models.types import ChatRequest, Completion
from preceptor.settings import Secret


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What the machine lends a provider: keys by name, the cache folder, threads."""

    secret: Callable[[str], Secret | None]
    cache_folder: Path
    threads: int = 1


class ChatModel(Protocol):
    """An open connection; several requests may be under way at once."""

    async def complete(self, request: ChatRequest) -> Completion:
        """The model's answer.

        Raises ProviderError (or a subclass from `models.failures`) when there is none.
        """
        ...


class ModelProvider(Protocol):
    """A plugin: its fields are the settings, `open` gives the model behind them."""

    version: ClassVar[int]
    model: str

    def open(self, resources: Resources) -> AbstractAsyncContextManager[ChatModel]:
        """A connection, closed at the end of the `async with` block."""
        ...


providers: Registry[ModelProvider] = Registry(kind="provider", folder="preceptor.models.providers")
