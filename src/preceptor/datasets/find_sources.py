"""What a recipe's sources hold at this moment, before any of it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.datasets.build_job import BUILDS, OBJECTS
from preceptor.datasets.recipe import Recipe, recipe_sources
from preceptor.datasets.source import Source, SourceContext, SourceInput


class GivenSource(NamedTuple):
    """A source of the recipe with what it reads; `name` is how the recipe's mixture calls it."""

    name: str
    source: Source
    inputs: tuple[SourceInput, ...]


@dataclass(frozen=True, kw_only=True)
class GivenSources:
    """The sources of a recipe in their order, and where they look."""

    sources: tuple[GivenSource, ...]
    context: SourceContext


def find_sources(recipe: Recipe, context: SourceContext, datasets: Path) -> GivenSources:
    """The files, versions and labels that the recipe names, each with the hash of its content.

    Files of object stores are copied into the folder `datasets` until the build is done. Raises
    NotFoundError for a source that is not there, StorageError when an object store does not answer, InputError for
    two sources of one name.
    """
    context = replace(context, objects=datasets / BUILDS / OBJECTS)
    given: list[GivenSource] = []
    for entry, source in zip(recipe.sources, recipe_sources(recipe), strict=True):
        inputs = source.inputs(context)
        given.append(GivenSource(str(entry.get("name") or inputs[0].said.name), source, inputs))
    names = [one.name for one in given]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two sources are called {name!r}; give each a `name` of its own")
    return GivenSources(sources=tuple(given), context=context)
