"""Conversations for fine-tuning on Amazon Bedrock in the Converse form (Nova and others)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.conversation import (
    call_arguments,
    require_alternating,
    require_answer_last,
    require_answered_calls,
    require_no_tools,
    split_system,
)
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.tool_definitions import tool_definitions
from preceptor.datasets.types import Record
from preceptor.models.types import Message


@dataclass(frozen=True, kw_only=True)
class BedrockConverse:
    """Rows `{"schemaVersion": "bedrock-conversation-2024", "system": [...], "messages": [...]}`.

    The first turn is the user's, the last the assistant's, and they alternate. A record with tools is refused
    unless `tools` is set: Bedrock says that tool sections may fail a job for Nova 2, while the Nova guide
    takes `toolConfig`. Other kinds have no place.
    Source: Amazon Bedrock, "Prepare data for fine-tuning text-to-text models" and "Fine-tune Amazon Nova models";
    Amazon Nova 2, "Preparing data for SFT".

    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> next(BedrockConverse().rows(Record(id="r1", kind="sft", messages=turns)))["messages"][1]
    {'role': 'assistant', 'content': [{'text': 'hello'}]}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    tools: bool = False

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError, naming the record, for turns out of turn or unwanted tools."""
        if record.kind != "sft":
            return
        if not self.tools:
            require_no_tools(record, "set `tools` if your model takes them, or leave the record out")
        require_answer_last(record)
        require_answered_calls(record)
        system, turns = split_system(record)
        require_alternating(record, turns)
        definitions = tool_definitions(record)
        row: JsonObject = {"schemaVersion": "bedrock-conversation-2024"}
        if system is not None:
            row["system"] = [{"text": system}]
        row["messages"] = _messages(record, turns)
        if definitions:
            row["toolConfig"] = {
                "tools": [
                    {
                        "toolSpec": {
                            "name": tool.name,
                            "description": tool.description,
                            "inputSchema": {"json": tool.parameters},
                        }
                    }
                    for tool in definitions
                ]
            }
        yield row


def _messages(record: Record, turns: Sequence[Message]) -> list[JsonValue]:
    rows: list[JsonValue] = []
    results: list[JsonValue] = []
    for place, turn in enumerate(turns):
        if turn.role == "tool":
            results.append({"toolResult": {"toolUseId": turn.tool_call_id, "content": [{"text": turn.content}]}})
            if place + 1 == len(turns) or turns[place + 1].role != "tool":
                rows.append({"role": "user", "content": results})
                results = []
            continue
        text: list[JsonValue] = [{"text": turn.content}] if turn.content or not turn.tool_calls else []
        calls: list[JsonValue] = [
            {"toolUse": {"toolUseId": call.id, "name": call.name, "input": call_arguments(record, call)}}
            for call in turn.tool_calls
        ]
        rows.append({"role": turn.role, "content": text + calls})
    return rows
