"""No field of a trace keeps personal data."""

from __future__ import annotations

import json

from preceptor.core.ids import canonical_json
from preceptor.models.types import Message, ToolCall
from preceptor.traces.redact import redact_trace
from preceptor.traces.types import Trace

MAIL = "ada@example.org"


def everywhere(text: str) -> Trace:
    call = ToolCall(id=text, name=text, arguments=json.dumps({"to": text}))
    message = Message(role="user", content=text, name=text, tool_calls=(call,), tool_call_id=text)
    return Trace(
        id=f"trace_{text}",
        source="jsonl",
        messages=(message,),
        output=text,
        output_tool_calls=(call,),
        later_messages=(message,),
        conversation=text,
        model=text,
        finish_reason=text,
        error=text,
        recorded_scores={text: 1.0},
        metadata={text: {"nested": [text, {"deep": text}]}},
    )


def test_no_field_keeps_the_address():
    redacted = redact_trace(everywhere(MAIL))
    assert MAIL not in canonical_json(redacted).decode()
    assert redacted.trace.output == redacted.trace.error == "[EMAIL_1]"
    # 6 in each of two messages, 4 in the output with its call, 5 in id and names, 1 score name, 3 in metadata.
    assert redacted.num_redactions == 25


def test_trace_without_personal_data_stays_as_it_is():
    trace = everywhere("hello")
    assert redact_trace(trace).trace == trace
    assert redact_trace(trace).num_redactions == 0


def test_arguments_stay_json():
    """A card that stands as a number becomes a text; an escaped at-sign hides nothing."""
    arguments = '{"card": 4111111111111111, "to": "ada\\u0040example.org"}'
    trace = Trace(
        id="t", source="s", messages=(), output="", output_tool_calls=(ToolCall(id="", name="", arguments=arguments),)
    )
    assert json.loads(redact_trace(trace).trace.output_tool_calls[0].arguments) == {
        "card": "[CARD_1]",
        "to": "[EMAIL_1]",
    }


def test_arguments_without_personal_data_keep_the_models_own_spelling():
    arguments = '{ "n" : 1.0 }'
    trace = Trace(
        id="t", source="s", messages=(), output="", output_tool_calls=(ToolCall(id="", name="", arguments=arguments),)
    )
    assert redact_trace(trace).trace.output_tool_calls[0].arguments == arguments


def test_arguments_that_are_no_json_are_redacted_as_text():
    trace = Trace(
        id="t", source="s", messages=(), output="", output_tool_calls=(ToolCall(id="", name="", arguments=f"{{{MAIL}"),)
    )
    assert redact_trace(trace).trace.output_tool_calls[0].arguments == "{[EMAIL_1]"


def test_two_personal_conversations_stay_two():
    first, second = (
        redact_trace(Trace(id="t", source="s", messages=(), output="", conversation=name)).trace.conversation
        for name in (MAIL, "bob@example.org")
    )
    assert first != second
    assert "@" not in f"{first}{second}"
