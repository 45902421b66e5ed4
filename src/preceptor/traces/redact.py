"""Replace the personal data in every field of a trace, before it is first written."""

from __future__ import annotations

import dataclasses

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonObject, JsonValue, parse_json
from preceptor.governance.personal_data import RecordRedactor, find_personal_data
from preceptor.models.types import Message, ToolCall
from preceptor.traces.messages import json_text
from preceptor.traces.types import RedactedTrace, Trace


def redact_trace(trace: Trace) -> RedactedTrace:
    """The trace with placeholders: in messages, output, arguments of tool calls, error and metadata.

    The same value has the same placeholder in all of the trace. An id or a conversation that
    is itself personal (an e-mail address as user name) becomes a hash, so that it still tells
    traces apart.

    >>> trace = Trace(id="trace_1", source="jsonl", messages=(), output="Mail ada@example.org", conversation="a@b.org")
    >>> redact_trace(trace).trace.output, redact_trace(trace).trace.conversation[:13]
    ('Mail [EMAIL_1]', 'conversation_')
    """
    fields = _TraceRedactor(RecordRedactor())
    redacted = dataclasses.replace(
        trace,
        id=fields.name("trace", trace.id),
        messages=fields.messages(trace.messages),
        output=fields.text(trace.output),
        output_tool_calls=fields.tool_calls(trace.output_tool_calls),
        later_messages=fields.messages(trace.later_messages),
        conversation=None if trace.conversation is None else fields.name("conversation", trace.conversation),
        model=fields.optional(trace.model),
        finish_reason=fields.optional(trace.finish_reason),
        error=fields.optional(trace.error),
        recorded_scores={fields.text(name): score for name, score in trace.recorded_scores.items()},
        metadata=fields.object(trace.metadata),
    )
    return RedactedTrace(trace=redacted, num_redactions=fields.redactor.num_redactions)


@dataclasses.dataclass(frozen=True)
class _TraceRedactor:
    redactor: RecordRedactor

    def text(self, text: str) -> str:
        return self.redactor.redact(text).text

    def optional(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)

    def name(self, prefix: str, name: str) -> str:
        """The name itself, or a hash where it holds personal data: a placeholder would make two names one."""
        own = name.removeprefix(f"{prefix}_")
        if not find_personal_data(own):
            return name
        self.text(own)
        return content_id(prefix, name)

    def messages(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        return tuple(
            dataclasses.replace(
                message,
                content=self.text(message.content),
                name=self.optional(message.name),
                tool_calls=self.tool_calls(message.tool_calls),
                tool_call_id=self.optional(message.tool_call_id),
            )
            for message in messages
        )

    def tool_calls(self, calls: tuple[ToolCall, ...]) -> tuple[ToolCall, ...]:
        return tuple(
            ToolCall(id=self.text(call.id), name=self.text(call.name), arguments=self.arguments(call.arguments))
            for call in calls
        )

    def arguments(self, arguments: str) -> str:
        """Arguments that are JSON stay JSON; they are as the model wrote them where nothing was found."""
        try:
            value = parse_json(arguments)
        except InputError:
            return self.text(arguments)
        before = self.redactor.num_redactions
        redacted = self.value(value)
        return json_text(redacted) if self.redactor.num_redactions > before else arguments

    def object(self, value: JsonObject) -> JsonObject:
        return {self.text(key): self.value(item) for key, item in value.items()}

    def value(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return self.object(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return self._number(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _number(self, value: int) -> JsonValue:
        """A card number can stand in JSON as a number: its place then takes the placeholder's text."""
        redacted = self.redactor.redact(str(value))
        return redacted.text if redacted.findings else value
