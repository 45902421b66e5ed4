"""An open-weight model on this machine's CPU: llama.cpp inside our process."""

from __future__ import annotations

import asyncio
import importlib
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import ClassVar, Protocol

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.models.catalogue import CATALOGUE, find_model
from preceptor.models.chat_body import chat_body, count_of, read_tool_calls
from preceptor.models.chat_template import chat_template, shows_tools
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.spend import FREE, Prices
from preceptor.models.types import ChatRequest, Completion, ToolCall, Usage

MIN_CONTEXT_TOKENS = 128


@dataclass(frozen=True, kw_only=True)
class Local:
    """A GGUF model, by its name in the catalogue or by path; each of `threads` answers its own request.

    Answers are reproducible: at temperature 0 the same request gives the same text whatever
    was asked before, whatever is asked beside it and however many threads there are. Two
    settings make it so. Each thread has its own one-thread runtime (its sums are never split,
    and threads that wait for each other by spinning are slow on a busy machine). And prompts are
    read `prompt_batch` = 1 token at a time: sums over a batch round differently with its size. A
    larger batch reads a long prompt faster, for large models much faster, and gives that up.
    A prompt's beginning that a thread has just read is not read again.

    >>> Local(model="smollm2-135m").context_tokens
    4096
    """

    version: ClassVar[int] = 1

    model: str
    context_tokens: int = 4096
    prompt_batch: int = 1

    def __post_init__(self) -> None:
        if not self.model:
            raise InputError(f"model is empty; write a path to a GGUF file or one of: {', '.join(sorted(CATALOGUE))}")
        if self.context_tokens < MIN_CONTEXT_TOKENS:
            raise InputError(f"context_tokens is {self.context_tokens!r}; give {MIN_CONTEXT_TOKENS} or more")
        if self.prompt_batch < 1:
            raise InputError(f"prompt_batch is {self.prompt_batch!r}; give 1 or more")

    @property
    def prices(self) -> Prices:
        """This machine's work is not paid for by tokens."""
        return FREE

    def deciding_settings(self) -> JsonObject | None:
        """Model and batch; None for a file of the user's own, which may be replaced under the same path."""
        if self._is_own_file:
            return None
        return {"model": self.model, "context_tokens": self.context_tokens, "prompt_batch": self.prompt_batch}

    @property
    def _is_own_file(self) -> bool:
        return "/" in self.model or self.model.endswith(".gguf")

    @asynccontextmanager
    async def open(self, resources: Resources) -> AsyncIterator[ChatModel]:
        """The loaded model; the block's end waits for what is under way to stop."""
        name = str(resources.folder / self.model) if self._is_own_file else self.model
        path = find_model(name, resources.cache_folder)
        loop = asyncio.get_running_loop()
        closing = Event()
        with ThreadPoolExecutor(resources.threads, thread_name_prefix="preceptor-local") as pool:
            idle: asyncio.Queue[_Runtime] = asyncio.Queue()
            try:
                for _ in range(resources.threads):
                    idle.put_nowait(await loop.run_in_executor(pool, _load, path, self))
                yield _LoadedModel(
                    settings=self, path=path, idle=idle, pool=pool, closing=closing, stopwatch=resources.stopwatch
                )
            finally:
                closing.set()
                while not idle.empty():
                    idle.get_nowait()


class _Runtime(Protocol):
    """The part of the runtime's server that we use."""

    def handle_chat_completions(self, body: JsonObject, callback: Callable[[JsonValue], bool]) -> None:
        """Hand each piece of the answer to the callback until that returns True."""

    def handle_completions(self, body: JsonObject) -> JsonValue:
        """Continue a text."""


@dataclass(kw_only=True)
class _Pieces:
    """The answer as it arrives."""

    stopped: Callable[[], bool]
    texts: list[str] = field(default_factory=list)
    calls: dict[int, ToolCall] = field(default_factory=dict)
    finish_reason: str | None = None
    usage: Usage = Usage()
    error: JsonValue = None
    seconds: float = 0.0

    def take(self, piece: JsonValue) -> bool:
        """Keep one piece; True asks the runtime to stop."""
        for part in piece if isinstance(piece, list) else [piece]:
            text = at_path(part, "choices.0.delta.content")
            if isinstance(text, str):
                self.texts.append(text)
            self._take_calls(at_path(part, "choices.0.delta"))
            reason = at_path(part, "choices.0.finish_reason")
            self.finish_reason = reason if isinstance(reason, str) else self.finish_reason
            self.error = at_path(part, "error") or self.error
            num_in, num_out = at_path(part, "usage.prompt_tokens"), at_path(part, "usage.completion_tokens")
            if num_in is not None:
                self.usage = Usage(input_tokens=count_of(num_in), output_tokens=count_of(num_out))
        return self.stopped()

    def _take_calls(self, delta: JsonValue) -> None:
        """A call's id and name come with its first piece, its arguments a few characters at a time."""
        found = at_path(delta, "tool_calls")
        for place, piece in zip(found, read_tool_calls(delta), strict=True) if isinstance(found, list) else ():
            index = count_of(at_path(place, "index")) or 0
            before = self.calls.get(index, ToolCall(id="", name="", arguments=""))
            self.calls[index] = ToolCall(
                id=before.id or piece.id,
                name=before.name or piece.name,
                arguments=before.arguments + piece.arguments,
            )


@dataclass(frozen=True, kw_only=True)
class _LoadedModel:
    settings: Local
    path: Path
    idle: asyncio.Queue[_Runtime]
    pool: ThreadPoolExecutor
    closing: Event
    stopwatch: Callable[[], float]

    async def complete(self, request: ChatRequest) -> Completion:
        if self.closing.is_set():
            raise InputError(f"{self.settings.model} is closed; ask inside the `async with` block that opened it")
        if request.tools and not self._shows_tools:
            raise InputError(
                f"the model {self.settings.model!r} takes no tools: its chat template has no place for them, so it "
                "would never see them; use a model that was trained to call tools"
            )
        body = _body(self.settings.model, request)
        runtime = await self.idle.get()
        given_up = Event()
        pieces = _Pieces(stopped=lambda: given_up.is_set() or self.closing.is_set())
        asked = asyncio.get_running_loop().run_in_executor(self.pool, self._answer, runtime, body, pieces)
        # Only when the thread is done may the next request have the runtime, also after a cancelled one.
        asked.add_done_callback(lambda done: self._give_back(runtime, done))
        try:
            await asyncio.shield(asked)
        finally:
            given_up.set()
        return self._completion(pieces)

    @cached_property
    def _shows_tools(self) -> bool:
        return shows_tools(chat_template(self.path))

    def _give_back(self, runtime: _Runtime, done: asyncio.Future[None]) -> None:
        done.exception()  # Looked at here, because whoever asked may have gone.
        self.idle.put_nowait(runtime)

    def _answer(self, runtime: _Runtime, body: JsonObject, pieces: _Pieces) -> None:
        start = self.stopwatch()
        try:
            runtime.handle_chat_completions(body, pieces.take)
        except (ValueError, RuntimeError) as error:
            raise ModelFailure(f"{self.settings.model} cannot take this request: {error}") from error
        pieces.seconds = self.stopwatch() - start

    def _completion(self, pieces: _Pieces) -> Completion:
        if pieces.error is not None:
            said = f"{self.settings.model}: {at_path(pieces.error, 'message')}"
            refused = at_path(pieces.error, "code") == 400  # noqa: PLR2004 - HTTP's "bad request"
            raise ModelFailure(said) if refused else InfraFailure(said)
        if pieces.finish_reason is None:
            raise InfraFailure(f"{self.settings.model} was stopped before the end of its answer")
        return Completion(
            text="".join(pieces.texts),
            model=self.settings.model,
            finish_reason=pieces.finish_reason,
            tool_calls=tuple(pieces.calls[index] for index in sorted(pieces.calls)),
            usage=pieces.usage,
            latency_seconds=pieces.seconds,
        )


def _body(model: str, request: ChatRequest) -> JsonObject:
    body = chat_body(model, request)
    # The runtime's own defaults (top 40, minimum share 5 %) would not be the sampling that was asked for.
    body |= {"top_k": 0, "min_p": 0.0, "cache_prompt": True, "stream": True, "stream_options": {"include_usage": True}}
    return body


def _load(path: Path, settings: Local) -> _Runtime:
    xllamacpp = _runtime_package()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_parallel = 1
    parameters.n_ctx = settings.context_tokens
    parameters.n_ubatch = settings.prompt_batch
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.n_gpu_layers = 0
    parameters.warmup = False
    parameters.verbosity = -1
    # The runtime also listens on a port of this machine, and cannot be told not to: nobody else has this key.
    parameters.api_keys = [secrets.token_hex(16)]
    parameters.ui = parameters.endpoint_slots = False
    try:
        runtime: _Runtime = xllamacpp.Server(parameters)
    except RuntimeError as error:
        raise InputError(
            f"{str(path)!r} cannot be loaded ({error}); is the file whole, and for this runtime?"
        ) from error
    # A runtime that is ended before its loop has begun waits for ever; an answer proves that it has begun.
    runtime.handle_completions({"prompt": "a", "max_tokens": 1})
    return runtime


def _runtime_package() -> ModuleType:
    try:
        return importlib.import_module("xllamacpp")
    except ImportError as error:
        raise NotFoundError(
            "the local model needs the package xllamacpp; run `pip install 'preceptor[local]'`"
        ) from error
