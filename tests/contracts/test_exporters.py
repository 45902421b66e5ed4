"""What every exporter promises, whoever wrote it."""

from __future__ import annotations

from dataclasses import is_dataclass

import pytest

from preceptor.core.ids import canonical_json
from preceptor.datasets.exporter import exporters
from preceptor.datasets.record import make_record
from preceptor.models.types import Message, ToolCall

PROMPT = (Message(role="system", content="Rules"), Message(role="user", content='Hi "you" 👍\n'))
CALL = ToolCall(id="c", name="find", arguments="{}")
RECORDS = [
    make_record("sft", (*PROMPT, Message(role="assistant", content="Hello"))),
    make_record(
        "sft",
        (
            *PROMPT,
            Message(role="assistant", content="", tool_calls=(CALL,)),
            Message(role="tool", content="found", tool_call_id="c"),
            Message(role="assistant", content="Hello"),
        ),
    ),
    make_record("preference", PROMPT, "Hello", "What"),
]


@pytest.fixture(params=exporters.names())
def exporter(request):
    return exporters.create(request.param)


def test_an_exporter_is_a_frozen_dataclass_with_a_version_and_a_docstring(exporter):
    assert is_dataclass(exporter)
    assert type(exporter).__dataclass_params__.frozen
    assert exporter.version >= 1
    assert ">>>" in (type(exporter).__doc__ or "")


def test_each_format_has_a_place_for_at_least_one_kind(exporter):
    rows = [exporter.row(record) for record in RECORDS]
    assert any(row is not None for row in rows)


def test_rows_are_json_and_the_same_each_time(exporter):
    for record in RECORDS:
        row = exporter.row(record)
        if row is not None:
            assert canonical_json(row) == canonical_json(exporter.row(record))
