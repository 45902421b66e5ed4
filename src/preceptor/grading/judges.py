"""The models that the graders of a suite ask, opened."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject
from preceptor.grading.grader import Grader, ModelGrader, asks_model
from preceptor.models.connect import open_model
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.response_cache import ResponseCache
from preceptor.models.spend import Budget


def judge_settings(graders: Mapping[str, Grader | ModelGrader]) -> dict[str, JsonObject]:
    """The provider settings (`kind` and the rest) of each metric's judge; metrics without one are left out."""
    return {metric: grader.provider for metric, grader in graders.items() if asks_model(grader)}


@asynccontextmanager
async def open_judges(
    graders: Mapping[str, Grader | ModelGrader],
    resources: Resources,
    *,
    cache: ResponseCache | None = None,
    budget: Budget | None = None,
) -> AsyncIterator[dict[str, ChatModel]]:
    """Each metric's judge, closed at the end of the block; equal settings share one connection.

    So a spend limit in them holds for those metrics together. `cache` answers what was asked
    before; `budget` is held over all judges, and over whatever else it is handed to.
    """
    opened: dict[str, ChatModel] = {}
    judges: dict[str, ChatModel] = {}
    async with AsyncExitStack() as stack:
        for metric, provider in judge_settings(graders).items():
            key = content_hash(provider)
            if key not in opened:
                opening = open_model(provider, resources, cache=cache, budget=budget)
                opened[key] = await stack.enter_async_context(opening)
            judges[metric] = opened[key]
        yield judges
