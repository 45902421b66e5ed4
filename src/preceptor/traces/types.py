"""A production trace, and what reading a file of them gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from preceptor.core.json_values import JsonObject
from preceptor.core.rows import BadRow
from preceptor.models.types import Message, ToolCall, Usage


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One answer that the product gave: what it was asked, what it said, and all that came with it.

    `messages` is the conversation up to the answer, `output` the answer itself, `later_messages`
    what came after it: a user's last word, a tool's result. `occurred_at` is None where the
    source did not say. `conversation` groups traces of one conversation or task.
    `recorded_scores` are scores that came with the trace (a reward, a user's vote).
    """

    id: str
    source: str
    messages: tuple[Message, ...]
    output: str
    output_tool_calls: tuple[ToolCall, ...] = ()
    later_messages: tuple[Message, ...] = ()
    occurred_at: datetime | None = None
    conversation: str | None = None
    model: str | None = None
    finish_reason: str | None = None
    error: str | None = None
    usage: Usage = Usage()
    recorded_scores: dict[str, float] = field(default_factory=dict)
    metadata: JsonObject = field(default_factory=dict)

    @property
    def request(self) -> str:
        """The last thing that the user said; empty where no user spoke."""
        return next((m.content for m in reversed(self.messages) if m.role == "user"), "")

    @property
    def turns(self) -> tuple[Message, ...]:
        """The whole conversation, the answer among it; a trace without any answer adds none."""
        if not self.output and not self.output_tool_calls:
            return (*self.messages, *self.later_messages)
        answer = Message(role="assistant", content=self.output, tool_calls=self.output_tool_calls)
        return (*self.messages, answer, *self.later_messages)


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    """A record that is no model call and so becomes no trace: a span of another kind. `kind` says which."""

    number: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class RedactedTrace:
    """A trace whose personal data was replaced, and in how many places; the only form that is kept."""

    trace: Trace
    num_redactions: int


@dataclass(frozen=True, kw_only=True)
class IngestReport:
    """What became of a file: read = added + already there + rejected.

    `trace_ids` are those of the file's traces that are in the store now, added or there before.
    `num_redacted` counts the added traces in which personal data was replaced, `passed_over`
    the records of each kind that are no model calls; those are not among the read.
    """

    format: str
    num_read: int
    num_added: int
    num_already_there: int
    num_redacted: int
    rejected: tuple[BadRow, ...] = ()
    trace_ids: tuple[str, ...] = ()
    passed_over: dict[str, int] = field(default_factory=dict)
