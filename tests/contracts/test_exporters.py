"""What every exporter promises, whoever wrote it."""

from __future__ import annotations

from dataclasses import is_dataclass, replace

import pytest

from preceptor.core.ids import canonical_json
from preceptor.datasets.exporter import exporters
from preceptor.datasets.record import make_record, with_own_id
from preceptor.datasets.types import RankedAnswer, Record, SpanLabel, Step
from preceptor.models.types import Message, ToolCall

PROMPT = (Message(role="system", content="Rules"), Message(role="user", content='Hi "you" 👍\n'))
CALLS = (
    ToolCall(id="c1", name="find", arguments='{"number": 1}'),
    ToolCall(id="c2", name="find", arguments='{"number": 2}'),
)
TOOL = {"type": "function", "function": {"name": "find", "description": "d", "parameters": {"type": "object"}}}
ANSWER = Message(role="assistant", content="Hello")
RECORDS = {
    "sft": make_record("sft", (*PROMPT, ANSWER)),
    "tools": with_own_id(
        replace(
            make_record(
                "sft",
                (
                    *PROMPT,
                    Message(role="assistant", content="", tool_calls=CALLS),
                    Message(role="tool", content="found", tool_call_id="c1"),
                    Message(role="tool", content="lost", tool_call_id="c2"),
                    ANSWER,
                ),
            ),
            tools=(TOOL,),
        )
    ),
    "preference": make_record("preference", PROMPT, "Hello", "What"),
    "ranking": Record(
        id="r",
        kind="ranking",
        messages=PROMPT,
        ranked=(RankedAnswer(text="b", rank=2), RankedAnswer(text="a", rank=1), RankedAnswer(text="c", rank=2)),
    ),
    "binary": Record(id="b", kind="binary", messages=PROMPT, completion="Hello", is_good=True),
    "scored": Record(id="s", kind="scored", messages=PROMPT, completion="Hello", score=0.5),
    "steps": Record(
        id="p", kind="steps", messages=PROMPT, steps=(Step(text="one", is_good=True), Step(text="two", is_good=False))
    ),
    "spans": Record(
        id="l", kind="spans", messages=PROMPT[1:], spans=(SpanLabel(message=0, start=0, end=2, label="GREETING"),)
    ),
}
# Formats that take one question and no chat, or no tools, refuse with a reason: that is their promise.
REFUSES_TOOLS = {"bedrock_converse", "bedrock_claude", "bedrock_prompt", "llama_factory_alpaca"}


@pytest.fixture(params=exporters.names())
def name(request):
    return request.param


@pytest.fixture
def exporter(name):
    return exporters.create(name)


def test_an_exporter_is_a_frozen_dataclass_with_a_version_a_form_and_a_docstring(exporter):
    assert is_dataclass(exporter)
    assert type(exporter).__dataclass_params__.frozen
    assert exporter.version >= 1
    assert exporter.form.layout in {"lines", "array"}
    assert ">>>" in (type(exporter).__doc__ or "")


def test_an_exporter_says_where_the_format_is_described(exporter):
    assert "Source: " in (type(exporter).__doc__ or "")


def test_each_format_has_a_place_for_at_least_one_kind(exporter, name):
    rows = [row for kind, record in RECORDS.items() if kind != "tools" for row in exporter.rows(record)]
    assert rows


def test_rows_are_json_and_the_same_each_time(exporter, name):
    for kind, record in RECORDS.items():
        if kind == "tools" and name in REFUSES_TOOLS:
            continue
        rows = list(exporter.rows(record))
        assert canonical_json(rows) == canonical_json(list(exporter.rows(record)))


def test_no_row_holds_a_key_of_our_own_classes(exporter, name):
    """What a trainer reads is its own shape, not our Record with every field."""
    for kind, record in RECORDS.items():
        if kind != "tools" or name not in REFUSES_TOOLS:
            for row in exporter.rows(record):
                assert not {"is_good", "ranked", "steps", "spans", "source_ids"} & set(row)
