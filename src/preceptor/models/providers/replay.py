"""Answers recorded before, read from a production log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.json_values import JsonObject, at_path
from preceptor.core.rows import Row, read_rows
from preceptor.models.chat_body import chat_body, count_of, read_tool_calls, request_key
from preceptor.models.failures import ModelFailure
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.spend import FREE, Prices
from preceptor.models.types import ChatRequest, Completion, Usage


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Answers from a JSONL log as `preceptor models generate` writes it, by messages, sampling, tools and schema.

    A request that was not recorded is an error, never a guess; so is one that was recorded with
    two different answers. A recorded refusal is raised again. `path` is relative to the workspace.

    >>> Replay(path="recorded/baseline.jsonl").model
    'recorded'
    """

    version: ClassVar[int] = 1

    path: str
    model: str = "recorded"

    @property
    def prices(self) -> Prices:
        """Nothing is paid for what is read from a file."""
        return FREE

    def deciding_settings(self) -> JsonObject | None:
        """None: the recording is a cache already."""
        return None

    @asynccontextmanager
    async def open(self, resources: Resources) -> AsyncIterator[ChatModel]:
        """The recording, read whole; InputError names each line that cannot be read."""
        path = resources.folder / self.path
        yield _Recording(path=path, model=self.model, rows=_by_request(path))


@dataclass(frozen=True, kw_only=True)
class _Recording:
    path: Path
    model: str
    rows: Mapping[str, list[Row]]

    async def complete(self, request: ChatRequest) -> Completion:
        rows = self.rows.get(request_key(chat_body(self.model, request)), [])
        if not rows:
            last = request.messages[-1].content[:60] if request.messages else ""
            raise NotFoundError(
                f"{self.path} has no answer to this request ({last!r}…): prompt, examples, sampling, tools and schema "
                "must be the recorded ones; record again with `preceptor models generate`"
            )
        if len({_outcome(row) for row in rows}) > 1:
            lines = ", ".join(str(row.number) for row in rows)
            raise InputError(f"{self.path} has different answers to the same request (lines {lines}); keep one of them")
        row = rows[0].value
        if "response" not in row:
            raise ModelFailure(f"recorded: {at_path(row, 'error.message')}")
        return self._completion(row)

    def _completion(self, row: JsonObject) -> Completion:
        model = at_path(row, "response.model") or at_path(row, "request.model") or self.model
        return Completion(
            text=str(at_path(row, "response.choices.0.message.content") or ""),
            model=str(model),
            finish_reason=str(at_path(row, "response.choices.0.finish_reason") or "stop"),
            tool_calls=read_tool_calls(at_path(row, "response.choices.0.message")),
            usage=Usage(
                input_tokens=count_of(at_path(row, "response.usage.prompt_tokens")),
                output_tokens=count_of(at_path(row, "response.usage.completion_tokens")),
            ),
            recorded=True,
        )


def _by_request(path: Path) -> Mapping[str, list[Row]]:
    """The rows that can be replayed; a failure of the outside is no answer and is left out."""
    found: dict[str, list[Row]] = {}
    for row in read_rows(path):
        request = row.value.get("request")
        if not isinstance(request, dict):
            raise InputError(f"{path}:{row.number}: no `request` object; this is not a production log")
        is_answer = at_path(row.value, "response.choices.0.message") is not None
        if is_answer or at_path(row.value, "error.type") == "model_error":
            found.setdefault(request_key(request), []).append(row)
    return found


def _outcome(row: Row) -> str:
    return repr((at_path(row.value, "response.choices.0.message"), at_path(row.value, "error.message")))
