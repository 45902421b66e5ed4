"""Records are read from the usual shapes, and bad rows are named."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.rows import BadRow
from preceptor.datasets.read_records import iter_read_records, parse_record, read_records
from preceptor.models.types import Message, ToolCall

USER = {"role": "user", "content": "2 + 2?"}
FOUR = {"role": "assistant", "content": "4"}
FIVE = {"role": "assistant", "content": "5"}
TURNS = (Message(role="user", content="2 + 2?"), Message(role="assistant", content="4"))


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [USER, FOUR]},
        {"prompt": "2 + 2?", "completion": "4"},
        {"prompt": [USER], "completion": [FOUR]},
        {"prompt": [USER], "completion": "4"},
    ],
)
def test_each_sft_shape_gives_the_same_record(row):
    record = parse_record(row)
    assert (record.kind, record.messages) == ("sft", TURNS)


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "2 + 2?", "chosen": "4", "rejected": "5"},
        {"prompt": [USER], "chosen": [FOUR], "rejected": [FIVE]},
        {"chosen": [USER, FOUR], "rejected": [USER, FIVE]},
        {"messages": [USER], "chosen": "4", "rejected": "5"},
    ],
)
def test_each_preference_shape_gives_the_same_record(row):
    """The third is TRL's implicit prompt: the turns that both share."""
    record = parse_record(row)
    assert (record.kind, record.messages, record.chosen, record.rejected) == ("preference", TURNS[:1], "4", "5")


def test_a_text_is_one_answer_without_a_prompt():
    assert parse_record({"id": "a", "text": "hello"}).messages == (Message(role="assistant", content="hello"),)


def test_provenance_is_kept_and_other_fields_go_to_metadata():
    row = {"prompt": "a", "completion": "b", "id": "r1", "group": 7, "split": "dev", "license": "MIT", "rank": 1}
    record = parse_record(row)
    assert (record.group, record.split, record.licence) == ("7", "validation", "MIT")
    assert record.metadata == {"id": "r1", "rank": 1}


def test_tool_calls_are_read_in_the_chat_form():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    turn = {"role": "assistant", "content": None, "tool_calls": [call]}
    expected = Message(role="assistant", content="", tool_calls=(ToolCall(id="c", name="f", arguments="{}"),))
    assert parse_record({"messages": [USER, turn]}).messages[1] == expected


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"question": "?", "answer": "!"}, "its fields are answer, question"),
        ({"messages": 3}, "messages must be a list of messages or a text, not a number"),
        ({"messages": [USER, "hi"]}, r"messages\[1\] must be an object"),
        ({"messages": [{"role": "user"}]}, r"messages\[0\].content must be a text or a list of parts, not null"),
        ({"messages": [{"content": "x"}]}, r"messages\[0\].role must be a text, not null"),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}]}, r"content\[0\] names no file"),
        ({"messages": [{"role": "assistant", "content": "", "tool_calls": [1]}]}, "objects with id and function"),
        ({"prompt": "a", "chosen": "b"}, "rejected must be a list of messages or a text, not null"),
        ({"prompt": "a", "chosen": [USER, FOUR], "rejected": "b"}, "one answer of the assistant, not 2 messages"),
        ({"text": "a", "split": "holdout"}, "split 'holdout' is not one of"),
        ({"text": "a", "annotators": "ada"}, "annotators must be a list of texts"),
        ({"text": "a", "group": {}}, "group must be a text, not a mapping"),
        ({"text": "a", "metadata": [1]}, "metadata must be an object"),
    ],
)
def test_a_row_that_is_no_record_says_which_field_is_wrong(row, said):
    with pytest.raises(InputError, match=said):
        parse_record(row)


def test_a_truncated_file_gives_its_good_rows_and_names_the_bad_line(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text('{"text": "one"}\n\n{"text": "two"}\n{"text": "thr', encoding="utf-8")
    found = list(iter_read_records(path))
    assert [row.line for row in found[:2]] == [1, 3]
    assert isinstance(found[2], BadRow)
    assert found[2].number == 4
    assert "not JSON" in found[2].reason


def test_a_text_that_cannot_be_written_is_a_bad_row(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps({"text": "\ud800"}), encoding="utf-8")
    (row,) = read_records(path)
    assert isinstance(row, BadRow)


def test_a_text_with_a_nul_is_a_bad_row(tmp_path):
    """Batches join texts with one, and databases cannot keep it."""
    path = tmp_path / "data.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "a\\u0000b"}]}', encoding="utf-8")
    (row,) = read_records(path)
    assert "NUL" in row.reason


def test_an_empty_file_gives_nothing_and_a_missing_one_is_not_found(tmp_path):
    (tmp_path / "empty.jsonl").touch()
    assert list(read_records(tmp_path / "empty.jsonl")) == []
    with pytest.raises(NotFoundError):
        list(read_records(tmp_path / "none.jsonl"))
