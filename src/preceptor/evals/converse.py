"""Hold one conversation with a target: single answer, scripted user, tool calls, limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from preceptor.core.storable_text import storable
from preceptor.evals.tools import ToolAnswers, ToolKit
from preceptor.evals.types import EvalCase, Limits
from preceptor.grading.metered import total_usage
from preceptor.models.provider import ChatModel
from preceptor.models.target import Target, request_for
from preceptor.models.types import ChatRequest, Completion, Message, Sampling, ToolCall, Usage


class Conversation(NamedTuple):
    """What was said, and what it took; figures are sums over the model's answers, None where one does not say.

    `turns` are all that followed the case's own messages, the model's last answer is `output`.
    """

    output: str
    turns: tuple[Message, ...]
    num_steps: int
    stop_reason: str
    usage: Usage
    latency_seconds: float | None
    is_cached: bool


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is the same for all conversations of a run."""

    model: ChatModel
    target: Target
    kit: ToolKit
    limits: Limits


@dataclass(kw_only=True)
class _Talk:
    """One conversation under way."""

    setting: Setting
    case: EvalCase
    sampling: Sampling
    epoch: int
    tools: ToolAnswers
    turns: list[Message] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    num_output_tokens: int = 0
    stop_reason: str = ""

    async def ask(self) -> Completion:
        request = request_for(self.setting.target, (*self.case.messages, *self.turns))
        asked = ChatRequest(
            messages=request.messages,
            sampling=self._sampling(),
            response_schema=request.response_schema,
            tools=self.setting.kit.tools,
            epoch=self.epoch,
        )
        completion = await self.setting.model.complete(asked)
        self.completions.append(completion)
        said = completion.usage.output_tokens
        # An answer whose length is not said counts as the longest it may be: the limit must hold.
        self.num_output_tokens += asked.sampling.max_tokens if said is None else said
        self.turns.append(_turn(completion))
        return completion

    def limit_reached(self) -> str:
        limits = self.setting.limits
        if len(self.completions) >= limits.max_steps:
            return f"max_steps: stopped after {limits.max_steps} answers"
        if limits.max_output_tokens is not None and self.num_output_tokens >= limits.max_output_tokens:
            return f"max_output_tokens: stopped after {self.num_output_tokens} tokens"
        return ""

    def _sampling(self) -> Sampling:
        highest = self.setting.limits.max_output_tokens
        room = self.sampling.max_tokens if highest is None else highest - self.num_output_tokens
        if room >= self.sampling.max_tokens:
            return self.sampling
        return dataclasses.replace(self.sampling, max_tokens=max(1, room))


async def converse(setting: Setting, case: EvalCase, epoch: int) -> Conversation:
    """The conversation of a case in an epoch, which has its own seed.

    The model answers; its tool calls are answered until it calls none; then the scripted user
    says the next turn, until there is none. Each answer is a step. Tool calls of the answer at
    which a limit is reached are not answered. Tool calls that nothing could answer are named in
    the stop reason: the case is incomplete then, though the model could go on. Failures of the
    model go to the caller.
    """
    sampling = setting.target.sampling
    if epoch > 1:
        sampling = dataclasses.replace(sampling, seed=sampling.seed + epoch - 1)
    tools = ToolAnswers(kit=setting.kit, recorded=case.tool_results)
    talk = _Talk(setting=setting, case=case, sampling=sampling, epoch=epoch, tools=tools)
    user_turns = iter(case.user_turns)
    while True:
        completion = await talk.ask()
        said = None if completion.tool_calls else next(user_turns, None)
        if not completion.tool_calls and said is None:
            break
        talk.stop_reason = talk.limit_reached()
        if talk.stop_reason:
            break
        if completion.tool_calls:
            talk.turns += await tools.answer_all(talk.turns[-1].tool_calls)
        else:
            talk.turns.append(Message(role="user", content=said or ""))
    return _conversation(talk)


def _conversation(talk: _Talk) -> Conversation:
    completions = talk.completions
    unanswered = ", ".join(dict.fromkeys(talk.tools.unanswered))
    reasons = [talk.stop_reason, f"no recorded result: {unanswered}" if unanswered else ""]
    last = completions[-1]
    return Conversation(
        output=storable(last.text),
        turns=tuple(talk.turns),
        num_steps=len(completions),
        stop_reason="; ".join(reason for reason in reasons if reason),
        usage=last.usage if len(completions) == 1 else total_usage([one.usage for one in completions]),
        latency_seconds=_seconds(completions),
        is_cached=all(one.recorded for one in completions),
    )


def _seconds(completions: Sequence[Completion]) -> float | None:
    known = [one.latency_seconds for one in completions if one.latency_seconds is not None]
    return sum(known) if len(known) == len(completions) else None


def _turn(completion: Completion) -> Message:
    calls = tuple(
        ToolCall(id=storable(call.id), name=storable(call.name), arguments=storable(call.arguments))
        for call in completion.tool_calls
    )
    return Message(role="assistant", content=storable(completion.text), tool_calls=calls)
