"""The tools that a suite's file declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from preceptor.core.construct import Path as DocumentPath
from preceptor.core.construct import Problems
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.evals.tool_code import code_hash
from preceptor.evals.tool_schema import ArgumentSchema
from preceptor.evals.types import SuiteTool
from preceptor.models.types import Tool

# What providers accept as a function's name.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class ToolEntry:
    """One entry of `tools`; `function` is written `file.py:function`, relative to the suite's file."""

    name: str
    description: str = ""
    parameters: JsonObject = field(default_factory=dict)
    function: str | None = None


def check_tools(entries: object, folder: Path, problems: Problems) -> None:
    """Note wrong names, names that stand twice, parameters that are no JSON schema, functions that cannot be found."""
    names: dict[str, int] = {}
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict):
            continue
        at = ("tools", place)
        name, parameters, function = entry.get("name"), entry.get("parameters"), entry.get("function")
        if isinstance(name, str):
            if not _NAME.fullmatch(name):
                problems.add((*at, "name"), f"{name!r}: a tool's name is 1 to 64 letters, digits, _ or -")
            elif name in names:
                problems.add((*at, "name"), f"the tool {name!r} is declared twice; rename one")
            names[name] = place
        if isinstance(parameters, dict):
            with _noted(problems, (*at, "parameters")):
                ArgumentSchema(parameters)
        if isinstance(function, str):
            with _noted(problems, (*at, "function")):
                code_hash(folder, function)


def suite_tools(entries: Sequence[ToolEntry], folder: Path) -> tuple[SuiteTool, ...]:
    """The tools, each with the hash of the code that answers it."""
    return tuple(
        SuiteTool(
            tool=Tool(name=entry.name, description=entry.description, parameters=entry.parameters),
            function=entry.function,
            function_hash=code_hash(folder, entry.function) if entry.function else "",
        )
        for entry in entries
    )


@contextmanager
def _noted(problems: Problems, at: DocumentPath) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        problems.add(at, str(error))
