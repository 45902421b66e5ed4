"""Ask a target many prompts and log every answer, so that a killed run goes on where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from preceptor.core.errors import ConflictError, InputError
from preceptor.core.json_values import JsonObject, at_path
from preceptor.core.rows import read_rows
from preceptor.models.chat_body import chat_body
from preceptor.models.connect import connect
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.production_log import ProductionLog, answer_row, failure_row, open_log
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.target import Target, request_for
from preceptor.models.types import ChatRequest, Message

MAX_CONCURRENCY = 256


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What one user asks; `metadata` goes into the log and is not shown to the model."""

    id: str
    text: str
    metadata: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GenerateReport:
    """What a run did: prompts answered now, failed now, and skipped because the log settles them."""

    log: Path
    target: str
    target_identity: str
    num_prompts: int
    num_answered: int
    num_model_failures: int
    num_infra_failures: int
    num_skipped: int


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many requests may be under way at once, and who is told when one is done."""

    concurrency: int = 4
    advance: Callable[[int], None] = field(default=lambda _: None, repr=False)


def read_prompts(path: Path) -> list[Prompt]:
    """The prompts in a JSONL, JSON or CSV file: `id` and `prompt`; every other field is metadata.

    Raises NotFoundError for no file and InputError, with the line, for a missing or empty
    field, an id that stands twice, and a file without any prompt.
    """
    prompts: list[Prompt] = []
    lines: dict[str, int] = {}
    for row in read_rows(path):
        named = {name: row.value.get(name) for name in ("id", "prompt")}
        for name, value in named.items():
            if not isinstance(value, str) or not value.strip():
                raise InputError(f"{path}:{row.number}: {name} is {value!r}; write a text")
        item = str(named["id"])
        if item in lines:
            raise InputError(f"{path}:{row.number}: the id {item!r} stands twice (first in line {lines[item]})")
        lines[item] = row.number
        metadata = {name: value for name, value in row.value.items() if name not in named}
        prompts.append(Prompt(id=item, text=str(named["prompt"]), metadata=metadata))
    if not prompts:
        raise InputError(f"{str(path)!r} holds no prompts; write rows with `id` and `prompt`")
    return prompts


async def generate(
    target: Target, prompts: Sequence[Prompt], log: Path, resources: Resources, pace: Pace | None = None
) -> GenerateReport:
    """Ask each prompt that the log does not settle yet and add one row for each that is finished.

    A row is on disk before its prompt counts as done. Prompts that the model refused are settled;
    those that the outside failed are asked again by the next run. Rows are in the order of
    finishing. Raises ConflictError when the log holds answers of another target or to another
    prompt under the same id; NotAllowedError (key, spend limit) stops the run with what is done kept.
    """
    pace = pace or Pace()
    if not 1 <= pace.concurrency <= MAX_CONCURRENCY:
        raise InputError(f"concurrency is {pace.concurrency!r}; give 1 to {MAX_CONCURRENCY}")
    with open_log(log) as opened:
        waiting = [prompt for prompt in prompts if not _is_settled(prompt, target, opened)]
        num_skipped = len(prompts) - len(waiting)
        pace.advance(num_skipped)
        run = _Run(target=target, log=opened, resources=resources, pace=pace, waiting=iter(waiting))
        if waiting:
            await run.ask_all()
    return GenerateReport(
        log=log,
        target=target.name,
        target_identity=target.identity,
        num_prompts=len(prompts),
        num_answered=run.num_answered,
        num_model_failures=run.num_model_failures,
        num_infra_failures=run.num_infra_failures,
        num_skipped=num_skipped,
    )


@dataclass(kw_only=True)
class _Run:
    target: Target
    log: ProductionLog
    resources: Resources
    pace: Pace
    waiting: Iterator[Prompt]
    num_answered: int = 0
    num_model_failures: int = 0
    num_infra_failures: int = 0

    async def ask_all(self) -> None:
        async with connect(self.target, self.resources) as model:
            try:
                async with asyncio.TaskGroup() as tasks:
                    for _ in range(self.pace.concurrency):
                        tasks.create_task(self._ask_in_turn(model))
            except ExceptionGroup as group:
                # One reason to stop is enough to show; the others are the same reason.
                raise group.exceptions[0] from None

    async def _ask_in_turn(self, model: ChatModel) -> None:
        for prompt in self.waiting:
            await self._ask(model, prompt)
            self.pace.advance(1)

    async def _ask(self, model: ChatModel, prompt: Prompt) -> None:
        request = request_for(self.target, [Message(role="user", content=prompt.text)])
        body = chat_body(str(self.target.provider.get("model", "")), request)
        metadata = _metadata(prompt, self.target)
        row = await self._row(model, request, body, metadata)
        self.log.append(row)

    async def _row(self, model: ChatModel, request: ChatRequest, body: JsonObject, metadata: JsonObject) -> JsonObject:
        try:
            completion = await model.complete(request)
        except (ModelFailure, InfraFailure) as failure:
            if isinstance(failure, ModelFailure):
                self.num_model_failures += 1
            else:
                self.num_infra_failures += 1
            return failure_row(body, metadata, failure, self.resources.clock())
        self.num_answered += 1
        return answer_row(body, metadata, completion, self.resources.clock())


def _metadata(prompt: Prompt, target: Target) -> JsonObject:
    return {**prompt.metadata, "item": prompt.id, "target": target.name, "target_identity": target.identity}


def _is_settled(prompt: Prompt, target: Target, log: ProductionLog) -> bool:
    row = log.settled.get(prompt.id)
    if row is None:
        return False
    identity = at_path(row, "metadata.target_identity")
    if identity != target.identity:
        raise ConflictError(
            f"{str(log.path)!r} holds answers of another target or of other settings "
            f"({at_path(row, 'metadata.target')!r}); name another file for {target.name!r}"
        )
    messages = at_path(row, "request.messages")
    asked = at_path(messages[-1], "content") if isinstance(messages, list) and messages else None
    if asked != prompt.text:
        raise ConflictError(
            f"{str(log.path)!r} answers another text under the id {prompt.id!r}; give changed prompts new ids, "
            "or name another file"
        )
    return True
