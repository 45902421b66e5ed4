"""Python functions of the workspace that answer tool calls: loaded only when the user has said so."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import inspect
import json
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from preceptor.core.errors import ConflictError, InputError, NotAllowedError
from preceptor.core.json_values import JsonObject
from preceptor.evals.types import Suite, SuiteTool

MAX_CODE_BYTES = 4_000_000
TIME_LIMIT_SECONDS = 30.0


class Outcome(NamedTuple):
    """What code of the user's gave: a value, or the error it raised in words."""

    value: object
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class ToolFunction:
    """A loaded function. Calls of several samples may run at once, each in its own thread."""

    place: str
    function: Callable[..., object]
    time_limit_seconds: float = TIME_LIMIT_SECONDS

    async def call(self, arguments: JsonObject) -> str:
        """What it returned, a text as it is and any other value as JSON; what it raised, or that it took too long.

        A thread cannot be stopped: a function that hangs is left behind.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()

        def answer(outcome: Outcome) -> None:
            if not done.done():
                done.set_result(outcome)

        def work() -> None:
            outcome = _outcome_of(lambda: _as_text(self.function(**arguments)))
            with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
                loop.call_soon_threadsafe(answer, outcome)

        threading.Thread(target=work, daemon=True, name=f"tool {self.place}").start()
        try:
            outcome = await asyncio.wait_for(done, self.time_limit_seconds)
        except TimeoutError:
            return f"error: the tool did not answer within {self.time_limit_seconds:g} s"
        return f"error: {outcome.error}" if outcome.error else str(outcome.value)


def load_tool_functions(suite: Suite, folder: Path, *, allow_code: bool) -> dict[str, ToolFunction]:
    """The function of each of the suite's tools that names one, by the tool's name.

    `folder` is where the suite's file lies. Raises NotAllowedError when there is such a tool and
    `allow_code` is not given: a suite is input, and its code runs only when the user trusts it.
    Raises ConflictError when the code is not the one that the suite was read with.
    """
    named = [tool for tool in suite.tools if tool.function]
    if named and not allow_code:
        raise NotAllowedError(
            f"the suite {suite.name!r} runs Python code to answer its tools ({_names(named)}); "
            "read it, then allow it with --allow-code"
        )
    return {tool.tool.name: _load(tool, folder) for tool in named}


def function_place(function: str) -> tuple[str, str]:
    """The file and the function in `file.py:function`; InputError when it is no such thing.

    The file must lie in the suite's folder or below it.

    >>> function_place("tools/orders.py:get_order")
    ('tools/orders.py', 'get_order')
    """
    file, colon, name = function.rpartition(":")
    parts = Path(file).parts
    if not colon or not file.endswith(".py") or not name.isidentifier():
        raise InputError(f"function is {function!r}; write file.py:function, relative to the suite's file")
    if Path(file).is_absolute() or ".." in parts:
        raise InputError(f"function is {function!r}; its file must lie in the suite's folder")
    return file, name


def code_hash(folder: Path, function: str) -> str:
    """SHA-256 of the file that holds the function, which is not run; InputError when it cannot be read."""
    return hashlib.sha256(_read(folder / function_place(function)[0])).hexdigest()


def require_functions(suite: Suite, functions: Mapping[str, ToolFunction]) -> None:
    """Nothing when every tool that needs its function has it; NotAllowedError otherwise."""
    missing = [tool for tool in suite.tools if tool.function and tool.tool.name not in functions]
    if missing:
        raise NotAllowedError(
            f"the suite {suite.name!r} answers tools by Python code ({_names(missing)}), which was not allowed"
        )


def _load(tool: SuiteTool, folder: Path) -> ToolFunction:
    file, name = function_place(tool.function or "")
    path = folder / file
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != tool.function_hash:
        raise ConflictError(f"{path} was changed after the suite was read; start again")
    found = _outcome_of(lambda: getattr(_module(path, content), name))
    if found.error:
        raise InputError(f"{path}: the function {name!r} cannot be loaded: {found.error}")
    if not callable(found.value) or inspect.iscoroutinefunction(found.value):
        raise InputError(f"{path}: {name!r} is no plain function; write `def {name}(...)`")
    return ToolFunction(place=tool.function or "", function=found.value)


def _module(path: Path, content: bytes) -> object:
    name = f"preceptor_tools_{hashlib.sha256(content).hexdigest()}"
    specification = importlib.util.spec_from_loader(name, loader=None, origin=str(path))
    if specification is None:
        raise InputError(f"{path} cannot be loaded as a module")
    module = importlib.util.module_from_spec(specification)
    module.__file__ = str(path)
    sys.modules[name] = module  # dataclasses and pickling look a class's module up there
    # The bytes that were hashed are what runs, not what lies in the file by now.
    exec(compile(content, str(path), "exec"), vars(module))  # noqa: S102 - the user has allowed this file's code
    return module


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_CODE_BYTES:
            raise InputError(f"{path} is larger than {MAX_CODE_BYTES:,} bytes; that is no tool")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check the path") from error


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _outcome_of(code: Callable[[], object]) -> Outcome:
    try:
        return Outcome(code())
    except Exception as error:  # noqa: BLE001 - code of the user's may raise anything, and the model is told
        return Outcome(None, f"{type(error).__name__}: {error}")


def _names(tools: list[SuiteTool]) -> str:
    return ", ".join(f"{tool.tool.name} by {tool.function}" for tool in tools)
