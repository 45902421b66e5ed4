"""Conversations for Axolotl, with the dataset stanza of its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_answer_last
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.tool_definitions import tool_rows
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class AxolotlSft:
    """Rows `{"messages": [...]}` of the type `chat_template`, and `<name>.axolotl.yaml` beside them.

    Tools are JSON text, which Axolotl reads too. Other kinds have no place.
    Source: Axolotl, "Conversation" (chat_template) and prompt_strategies/chat_template.py, version 0.19.

    >>> AxolotlSft().config("support.jsonl").content["datasets"][0]["type"]
    'chat_template'
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(late_columns=("tools",))

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError when it does not end with an answer."""
        if record.kind == "sft":
            require_answer_last(record)
            tools: JsonObject = {"tools": canonical_json(tool_rows(record)).decode()} if record.tools else {}
            yield {"messages": message_rows(record.messages), **tools, **provenance_columns(record)}

    def config(self, file_name: str) -> TrainerConfig:
        """The stanza to put into the training configuration."""
        stanza: JsonObject = {
            "path": file_name,
            "ds_type": "json",
            "split": "train",
            "type": "chat_template",
            "field_messages": "messages",
            "message_property_mappings": {"role": "role", "content": "content"},
            "roles_to_train": ["assistant"],
        }
        return TrainerConfig(file_name=f"{file_name}.axolotl.yaml", content={"datasets": [stanza]})
