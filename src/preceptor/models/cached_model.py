"""A model that is asked only what it has not answered before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from preceptor.core.json_values import JsonObject
from preceptor.models.json_text import encode_sorted
from preceptor.models.provider import ChatModel
from preceptor.models.response_cache import ResponseCache
from preceptor.models.types import ChatRequest, Completion


@dataclass(frozen=True, kw_only=True)
class CachedModel:
    """A model with the cache before it; `settings` are those of its provider that decide the answer.

    Prompt, sampling, tools, schema and epoch make the rest of the key. Failures are not kept.
    """

    model: ChatModel
    cache: ResponseCache
    settings: JsonObject

    async def complete(self, request: ChatRequest) -> Completion:
        """The kept answer (`recorded`, cost 0, with the tokens it once took), or the model's, which is kept."""
        key = self.key(request)
        kept = await self.cache.find(key)
        if kept is not None:
            return kept
        completion = await self.model.complete(request)
        if not completion.recorded:
            self.cache.keep(key, completion)
        return completion

    def key(self, request: ChatRequest) -> str:
        """SHA-256 of everything that decides the answer; the epoch is part of it."""
        return hashlib.sha256(encode_sorted([self.settings, request])).hexdigest()
