"""Records of any shape: JSON lines, a JSON array or CSV, with a mapping of fields to paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.core.rows import Row
from preceptor.models.types import Message
from preceptor.traces.fields import read_error, read_score, read_scores, read_usage
from preceptor.traces.identity import id_from_content, id_of
from preceptor.traces.messages import json_text, optional_text, read_message, read_messages, split_at_answer
from preceptor.traces.moments import read_moment
from preceptor.traces.types import Trace

# Where fields stand when no path is given, the first that is there.
IDS = ("id", "trace_id")
PROMPTS = ("prompt", "input", "question")
OUTPUTS = ("output", "response", "completion", "answer")
CONVERSATIONS = ("conversation", "conversation_id", "session_id")
MOMENTS = ("occurred_at", "timestamp", "created_at", "created")


@dataclass(frozen=True, kw_only=True)
class Jsonl:
    """Records of any shape; each setting is the dotted path at which a field of the trace stands.

    `id` may be several paths, joined by a slash; without one the record's own hash names it.
    Without an `output` the assistant's last message is the output, and what was said after it
    is kept as later messages. A path that is given must lead somewhere for `id`, `messages`,
    `prompt` and `output`; other fields may be missing. With no settings at all, `messages` or
    `prompt`/`input`/`question`, and `output`/`response`/`completion`/`answer` are looked for.

    >>> record = {"task": 7, "trial": 1, "chat": [{"role": "assistant", "content": "Hi"}], "reward": 1}
    >>> jsonl = Jsonl(id=("task", "trial"), messages="chat", recorded_scores={"reward": "reward"})
    >>> trace = next(jsonl.read(Row(number=1, value=record)))
    >>> trace.id, trace.output, trace.recorded_scores
    ('trace_7/1', 'Hi', {'reward': 1.0})
    """

    version: ClassVar[int] = 1

    id: str | tuple[str, ...] | None = None
    messages: str | None = None
    prompt: str | None = None
    output: str | None = None
    conversation: str | None = None
    occurred_at: str | None = None
    model: str | None = None
    finish_reason: str | None = None
    error: str | None = None
    usage: str | None = None
    recorded_scores: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse two sources for the question and paths that lead nowhere."""
        if self.messages and self.prompt:
            raise InputError("give the path of `messages` or of `prompt`, not both")
        ids = (self.id,) if isinstance(self.id, str) else self.id
        if ids == () or "" in (*(ids or ()), self.messages, self.prompt, self.output):
            raise InputError("a path is empty; write the field's name, with dots for what stands inside")

    def recognises(self, record: JsonObject) -> bool:
        """True for `messages`, or for a prompt with an output, at the top of the record."""
        has_output = any(key in record for key in OUTPUTS)
        return isinstance(record.get("messages"), list) or (has_output and any(key in record for key in PROMPTS))

    def read(self, row: Row) -> Iterator[Trace]:
        """The one trace in a record."""
        record = row.value
        error = read_error(_at(record, self.error, "error"))
        before, answer, later = self._conversation(record, is_failed=error is not None)
        yield Trace(
            id=self._id(record),
            source="jsonl",
            messages=before,
            output=answer.content,
            output_tool_calls=answer.tool_calls,
            later_messages=later,
            occurred_at=read_moment(_at(record, self.occurred_at, *MOMENTS), "occurred_at"),
            conversation=optional_text(_at(record, self.conversation, *CONVERSATIONS), "conversation"),
            model=optional_text(_at(record, self.model, "model"), "model"),
            finish_reason=optional_text(_at(record, self.finish_reason, "finish_reason"), "finish_reason"),
            error=error,
            usage=read_usage(_at(record, self.usage, "usage")),
            recorded_scores=self._scores(record),
            metadata=self._metadata(record),
        )

    def _id(self, record: JsonObject) -> str:
        if self.id is None:
            name = next((record[key] for key in IDS if record.get(key) is not None), None)
            return id_from_content(record) if name is None else id_of([name], "id")
        paths = (self.id,) if isinstance(self.id, str) else self.id
        return id_of([_required(record, path, "id") for path in paths], "id")

    def _conversation(
        self, record: JsonObject, *, is_failed: bool
    ) -> tuple[tuple[Message, ...], Message, tuple[Message, ...]]:
        messages = self._messages(record)
        output = _output(record, self.output)
        if output is not None:
            last = messages[-1] if messages else None
            if last and last.role == "assistant" and last.content == output.content:
                return messages[:-1], last, ()
            return messages, output, ()
        before, answer, later = split_at_answer(messages)
        if answer is None and not is_failed:
            raise InputError("no output, and no message of an assistant; name the output's path in the mapping")
        return before, answer or Message(role="assistant", content=""), later

    def _messages(self, record: JsonObject) -> tuple[Message, ...]:
        if self.messages:
            return read_messages(_required(record, self.messages, "messages"), self.messages)
        if self.prompt:
            return read_messages(_required(record, self.prompt, "prompt"), self.prompt)
        for key in ("messages", *PROMPTS):
            if record.get(key) is not None:
                return read_messages(record[key], key)
        raise InputError("neither messages nor a prompt; name their path in the mapping")

    def _scores(self, record: JsonObject) -> dict[str, float]:
        if not self.recorded_scores:
            return read_scores(_at(record, None, "recorded_scores", "scores"), "scores")
        found = {name: read_score(at_path(record, path), path) for name, path in self.recorded_scores.items()}
        return {name: score for name, score in found.items() if score is not None}

    def _metadata(self, record: JsonObject) -> JsonObject:
        if self.metadata:
            return {name: at_path(record, path) for name, path in self.metadata.items()}
        own = record.get("metadata")
        return own if isinstance(own, dict) else {} if own is None else {"metadata": own}


def _at(record: JsonObject, path: str | None, *defaults: str) -> JsonValue:
    if path is not None:
        return at_path(record, path)
    return next((record[key] for key in defaults if record.get(key) is not None), None)


def _required(record: JsonObject, path: str, what: str) -> JsonValue:
    value = at_path(record, path)
    if value is None:
        raise InputError(f"nothing stands at {path!r}, the path of `{what}`")
    return value


def _output(record: JsonObject, path: str | None) -> Message | None:
    value = _required(record, path, "output") if path else _at(record, None, *OUTPUTS)
    if value is None:
        return None
    if isinstance(value, dict) and "role" in value:
        return read_message(value, path or "output")[-1]
    return Message(role="assistant", content=json_text(value))
