"""Answer a model's tool calls: by what was recorded, by a function of the workspace, or by saying what is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.storable_text import storable
from preceptor.evals.json_equality import is_same_json
from preceptor.evals.tool_code import ToolFunction
from preceptor.evals.tool_schema import ArgumentSchema
from preceptor.evals.types import RecordedToolResult, Suite
from preceptor.models.types import Message, Tool, ToolCall

MAX_RESULT_CHARACTERS = 200_000
MAX_CALLS_AN_ANSWER = 64
NO_RECORDED_RESULT = "error: no recorded result for this call"


@dataclass(frozen=True, kw_only=True)
class ToolKit:
    """A suite's tools, the same for all its samples."""

    tools: tuple[Tool, ...]
    schemas: Mapping[str, ArgumentSchema]
    functions: Mapping[str, ToolFunction]


@dataclass(kw_only=True)
class ToolAnswers:
    """Answers the calls of one conversation.

    A recorded result of the same tool and arguments comes first, then one recorded for any
    arguments, then the tool's function. Several that fit are given in turn, the last one again
    and again. `unanswered` names the calls for which there was none of the three.
    """

    kit: ToolKit
    recorded: Sequence[RecordedToolResult]
    unanswered: list[str] = field(default_factory=list)
    _num_given: dict[int, int] = field(default_factory=dict)

    async def answer_all(self, calls: Sequence[ToolCall]) -> list[Message]:
        """One tool message for each call, in their order."""
        return [
            Message(
                role="tool",
                content=storable((await self._answer(call, place))[:MAX_RESULT_CHARACTERS]),
                name=call.name,
                tool_call_id=call.id,
            )
            for place, call in enumerate(calls)
        ]

    async def _answer(self, call: ToolCall, place: int) -> str:
        if place >= MAX_CALLS_AN_ANSWER:
            return f"error: more than {MAX_CALLS_AN_ANSWER} calls in one answer; call fewer"
        schema = self.kit.schemas.get(call.name)
        if schema is None:
            near = difflib.get_close_matches(call.name, self.kit.schemas, n=1) or sorted(self.kit.schemas)
            return f"error: there is no tool {call.name!r}; there are: {', '.join(near) or 'none'}"
        try:
            arguments = schema.read(call.arguments)
        except InputError as error:
            return f"error: the arguments of {call.name} are wrong: {error}"
        result = self._recorded(call.name, arguments)
        if result is not None:
            return result
        function = self.kit.functions.get(call.name)
        if function is not None:
            return await function.call(arguments)
        self.unanswered.append(call.name)
        return NO_RECORDED_RESULT

    def _recorded(self, name: str, arguments: JsonObject) -> str | None:
        same_tool = [place for place, result in enumerate(self.recorded) if result.name == name]
        exact = [place for place in same_tool if is_same_json(self.recorded[place].arguments, arguments)]
        places = exact or [place for place in same_tool if self.recorded[place].arguments is None]
        if not places:
            return None
        num_given = self._num_given.get(places[0], 0)
        self._num_given[places[0]] = num_given + 1
        return self.recorded[places[min(num_given, len(places) - 1)]].content


def tool_kit(suite: Suite, functions: Mapping[str, ToolFunction]) -> ToolKit:
    """The suite's tools with the functions that were loaded; InputError for parameters that are no JSON schema."""
    return ToolKit(
        tools=tuple(tool.tool for tool in suite.tools),
        schemas={tool.tool.name: ArgumentSchema(tool.tool.parameters) for tool in suite.tools},
        functions=functions,
    )
