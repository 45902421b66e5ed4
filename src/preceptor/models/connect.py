"""Open the model behind a target, or behind any provider's settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.models.budgeted_model import BudgetedModel
from preceptor.models.cached_model import CachedModel
from preceptor.models.estimate import most_output_tokens
from preceptor.models.provider import ChatModel, Resources, provider_of
from preceptor.models.response_cache import ResponseCache
from preceptor.models.spend import Budget
from preceptor.models.target import Target, make_provider


@asynccontextmanager
async def connect(
    target: Target, resources: Resources, *, cache: ResponseCache | None = None, budget: Budget | None = None
) -> AsyncIterator[ChatModel]:
    """The target's model, ready for `complete(request_for(target, messages))`, closed at the end of the block.

    As `open_model`. Raises InputError for wrong settings, and for a target whose examples were
    not taken from their dataset yet.
    """
    if target.examples_from is not None and not target.examples:
        raise InputError(
            f"target {target.name!r} takes its examples from the dataset {target.examples_from.dataset!r}, "
            "and that needs the workspace; name one with --workspace, or write the examples into the target"
        )
    make_provider(target)
    async with open_model(target.provider, resources, cache=cache, budget=budget) as model:
        yield model


@asynccontextmanager
async def open_model(
    settings: JsonObject, resources: Resources, *, cache: ResponseCache | None = None, budget: Budget | None = None
) -> AsyncIterator[ChatModel]:
    """The model behind a provider's settings (`kind` and the rest), as targets and judges hold them.

    Pace, retries, time-outs and the spend limit of the settings are the provider's own. The
    budget, which others may share, stands before it, and the cache before that: kept answers cost
    nothing. Raises InputError for wrong settings, and for a budget in dollars without prices.
    """
    provider = provider_of(settings)
    async with provider.open(resources) as connection:
        model = connection
        if budget is not None:
            model = BudgetedModel(
                model=model, budget=budget, prices=provider.prices, output_tokens=most_output_tokens(settings)
            )
        deciding = provider.deciding_settings()
        if cache is not None and deciding is not None:
            identity: JsonObject = {"kind": str(settings.get("kind")), "version": provider.version, **deciding}
            model = CachedModel(model=model, cache=cache, settings=identity)
        yield model
