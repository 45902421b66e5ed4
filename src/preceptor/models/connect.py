"""Open the model behind a target."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from preceptor.core.errors import InputError
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.target import Target, make_provider


@asynccontextmanager
async def connect(target: Target, resources: Resources) -> AsyncIterator[ChatModel]:
    """The target's model, ready for `complete(request_for(target, messages))`, closed at the end of the block.

    Retries, time-outs and the spend limit are the provider's own. Raises InputError for wrong
    settings, and for a target whose examples were not taken from their dataset yet.
    """
    if target.examples_from is not None and not target.examples:
        raise InputError(
            f"target {target.name!r} takes its examples from the dataset {target.examples_from.dataset!r}, "
            "and that needs the workspace; name one with --workspace, or write the examples into the target"
        )
    provider = make_provider(target)
    if provider is None:
        raise InputError(f"target {target.name!r} has no usable provider; write `provider: {{kind: ..., model: ...}}`")
    async with provider.open(resources) as model:
        yield model
