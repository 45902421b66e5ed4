"""Every training signal is read from the shapes in which the field keeps it."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.datasets.media import MediaReader
from preceptor.datasets.read_row import parse_record
from preceptor.datasets.record_rows import record_row
from preceptor.datasets.types import Media, RankedAnswer, SpanLabel, Step
from preceptor.models.types import Message, ToolCall

USER = {"role": "user", "content": "2 + 2?"}
FOUR = {"role": "assistant", "content": "4"}
FIVE = {"role": "assistant", "content": "5"}
TURNS = (Message(role="user", content="2 + 2?"), Message(role="assistant", content="4"))
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
DATA_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()
SHA = hashlib.sha256(PNG).hexdigest()


@given(data=st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_row_that_we_wrote_is_the_same_record(any_record, data):
    """`record_row` leaves out empty texts; an answer may be one."""
    record = data.draw(any_record)
    empty = {name: "" for name in ("chosen", "rejected", "completion") if getattr(record, name) == ""}
    row = {**record_row(record), **empty, "kind": record.kind}
    assert parse_record(json.loads(json.dumps(row))) == record


@pytest.mark.parametrize(
    "row",
    [
        {"conversations": [{"from": "human", "value": "2 + 2?"}, {"from": "gpt", "value": "4"}]},
        {"instruction": "2 + 2?", "input": "", "output": "4"},
        {"instruction": "2 + 2?", "output": "4"},
        {"prompt": "2 + 2?", "response": "4"},
        {"messages": '[{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}]'},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "2 + "}, "2?"]}, FOUR]},
    ],
)
def test_each_chat_shape_gives_the_same_record(row):
    assert parse_record(row).messages == TURNS


def test_alpaca_holds_system_history_and_input():
    row = {"instruction": "Add", "input": "2 and 2", "output": "4", "system": "Be brief.", "history": [["hi", "hello"]]}
    record = parse_record(row)
    said = [(turn.role, turn.content) for turn in record.messages]
    assert said == [
        ("system", "Be brief."), ("user", "hi"), ("assistant", "hello"), ("user", "Add\n2 and 2"), ("assistant", "4"),
    ]  # fmt: skip
    assert record.metadata == {}


def test_sharegpt_calls_and_results_are_tool_turns():
    row = {
        "conversations": [
            {"from": "human", "value": "Where is order 12?"},
            {"from": "function_call", "value": '{"name": "find_order", "arguments": {"number": 12}}'},
            {"from": "observation", "value": "shipped"},
            {"from": "gpt", "value": "It was shipped."},
        ],
        "system": "You help.",
        "tools": '[{"name": "find_order"}]',
    }
    record = parse_record(row)
    assert [turn.role for turn in record.messages] == ["system", "user", "assistant", "tool", "assistant"]
    (call,) = record.messages[2].tool_calls
    assert (call.name, json.loads(call.arguments)) == ("find_order", {"number": 12})
    assert record.messages[3].tool_call_id == call.id
    assert record.tools == ({"name": "find_order"},)


def test_arguments_may_be_an_object_and_the_older_function_call_is_read():
    new = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}}],
    }
    old = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": '{"a": 1}'}}
    result = {"role": "function", "name": "f", "content": "ok"}
    assert parse_record({"messages": [USER, new]}).messages[1].tool_calls == (
        ToolCall(id="c", name="f", arguments='{"a": 1}'),
    )
    turns = parse_record({"messages": [USER, old, result], "functions": [{"name": "f"}]})
    assert turns.messages[2].tool_call_id == turns.messages[1].tool_calls[0].id
    assert turns.tools == ({"type": "function", "function": {"name": "f"}},)


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "2 + 2?", "chosen": "4", "rejected": "5"},
        {"instruction": "2 + 2?", "chosen": "4", "rejected": "5"},
        {
            "conversations": [{"from": "human", "value": "2 + 2?"}],
            "chosen": {"from": "gpt", "value": "4"},
            "rejected": {"from": "gpt", "value": "5"},
        },
        {"input": {"messages": [USER]}, "preferred_output": [FOUR], "non_preferred_output": [FIVE]},
        {"chosen": "\n\nHuman: 2 + 2?\n\nAssistant: 4", "rejected": "\n\nHuman: 2 + 2?\n\nAssistant: 5"},
        {"prompt": "\n\nHuman: 2 + 2?\n\nAssistant:", "chosen": "4", "rejected": "5"},
    ],
)
def test_each_preference_shape_gives_the_same_pair(row):
    record = parse_record(row)
    assert (record.kind, record.messages, record.chosen, record.rejected) == ("preference", TURNS[:1], "4", "5")
    assert record.metadata == {}


def test_a_margin_is_said_or_the_difference_of_the_scores():
    pair = {"prompt": "a", "chosen": "b", "rejected": "c"}
    assert parse_record({**pair, "margin": "0.5"}).margin == 0.5
    record = parse_record({**pair, "chosen_score": 4, "rejected_score": 2.5})
    assert record.margin == 1.5
    assert record.metadata == {"chosen_score": 4, "rejected_score": 2.5}


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "2 + 2?", "completion": "5", "label": False},
        {"prompt": [USER], "completion": [FIVE], "label": "False"},
        {"conversations": [{"from": "human", "value": "2 + 2?"}, {"from": "gpt", "value": "5"}], "kto_tag": False},
    ],
)
def test_each_binary_shape_gives_the_same_record(row):
    record = parse_record(row)
    assert (record.kind, record.messages, record.completion, record.is_good) == ("binary", TURNS[:1], "5", False)


def test_a_label_that_is_no_truth_value_is_metadata():
    record = parse_record({"prompt": "a", "completion": "b", "label": "billing"})
    assert (record.kind, record.metadata) == ("sft", {"label": "billing"})


@pytest.mark.parametrize("row", [{"completion": "4", "score": 0.5}, {"response": "4", "reward": "0.5"}])
def test_an_answer_with_a_score_is_scored_and_kind_overrules(row):
    record = parse_record({"prompt": "2 + 2?", **row})
    assert (record.kind, record.completion, record.score) == ("scored", "4", 0.5)
    assert parse_record({"prompt": "2 + 2?", **row}, kind="sft").messages == TURNS


def test_scores_become_ranks_in_which_ties_share_the_better_one():
    """3, 2, 2, 1 are ranked 1, 2, 2, 4."""
    record = parse_record({"prompt": "a", "responses": ["w", "x", "y", "z"], "scores": [1, 3, 2, 2]})
    assert [one.rank for one in record.ranked] == [4, 1, 2, 2]
    rows = {"prompt": "a", "responses": [{"text": "x", "rank": 1}, {"response": "y", "rank": 2}]}
    assert parse_record(rows).ranked == (RankedAnswer(text="x", rank=1), RankedAnswer(text="y", rank=2))


def test_steps_keep_what_nobody_judged():
    record = parse_record({"prompt": "a", "completions": ["x", "y", "z"], "labels": [True, None, False]})
    assert record.steps == (Step(text="x", is_good=True), Step(text="y"), Step(text="z", is_good=False))


@pytest.mark.parametrize(
    "spans",
    [
        {"text": "Ada is here", "spans": [{"start": 0, "end": 3, "label": "PERSON"}]},
        {"full_text": "Ada is here", "spans": [{"start_position": 0, "end_position": 3, "entity_type": "PERSON"}]},
        {"text": "Ada is here", "entities": [[0, 3, "PERSON"]]},
        {
            "messages": [{"role": "user", "content": "Ada is here"}],
            "entities": [{"start": 0, "end": 3, "entity_group": "PERSON"}],
        },
    ],
)
def test_spans_stand_under_the_usual_names(spans):
    record = parse_record(spans)
    assert record.kind == "spans"
    assert record.messages == (Message(role="user", content="Ada is here"),)
    assert record.spans == (SpanLabel(message=0, start=0, end=3, label="PERSON"),)


def test_provenance_has_the_usual_names():
    row = {
        "text": "hi", "lang": "en", "consent": "contract", "created_at": "2026-01-31T12:00:00Z", "model": "m-1",
        "generator_prompt": "Write hi", "source_ids": '["trace_1"]', "metadata": '{"a": 1}', "topic": "x",
    }  # fmt: skip
    record = parse_record(row)
    assert (record.language, record.consent, record.created_at) == ("en", "contract", "2026-01-31T12:00:00Z")
    assert (record.generator, record.source_ids) == ("m-1", ("trace_1",))
    assert record.generator_prompt == hashlib.sha256(b"Write hi").hexdigest()
    assert record.metadata == {"a": 1, "topic": "x"}


IMAGE = Media(message=0, at=5, kind="image", sha256=SHA, media_type="image/png")


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": DATA_URL}},
        {"type": "image_url", "image_url": DATA_URL},
        {"type": "image", "sha256": SHA, "media_type": "image/png"},
        {"type": "image", "path": "cat.png"},
        {"type": "image", "image": {"bytes": base64.b64encode(PNG).decode(), "path": None}},
        {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(PNG).decode()},
        },
    ],
)
def test_a_file_is_named_by_its_bytes_and_stands_before_its_place(part, tmp_path):
    (tmp_path / "cat.png").write_bytes(PNG)
    content = [{"type": "text", "text": "Look:"}, part, {"type": "text", "text": " a cat"}]
    record = parse_record({"messages": [{"role": "user", "content": content}, FOUR]}, MediaReader(root=tmp_path))
    assert record.messages[0].content == "Look: a cat"
    assert record.media == (IMAGE,)


@pytest.mark.parametrize(
    "content", ["Look:<image> a cat", [{"type": "text", "text": "Look:"}, {"type": "image"}, " a cat"]]
)
def test_images_of_a_column_stand_where_the_turns_point(content):
    record = parse_record({"messages": [{"role": "user", "content": content}, FOUR], "images": [DATA_URL]})
    assert (record.messages[0].content, record.media, record.metadata) == ("Look: a cat", (IMAGE,), {})


def test_bytes_are_handed_on_and_kept_nowhere_else():
    kept = []
    row = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": DATA_URL}}]}]}
    record = parse_record(row, MediaReader(keep=kept.append))
    assert kept == [PNG]
    assert "base64" not in str(record)


def test_media_move_with_the_turns_after_a_system_text():
    record = parse_record({"system": "s", "messages": [{"role": "user", "content": "<image>"}], "images": [DATA_URL]})
    assert record.media[0].message == 1


CONTENT = "messages[0].content[0]"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role is 'robot'"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "https://x.test/a.png"}]}]}, "nothing is fetched"),
        ({"messages": [{"role": "user", "content": [{"type": "image", "path": "../secret.png"}]}]}, "leads out of"),
        ({"messages": [{"role": "user", "content": [{"type": "image", "path": "none.png"}]}]}, "cannot be read"),
        ({"messages": [{"role": "user", "content": [{"type": "image", "data": "%%%"}]}]}, f"{CONTENT}.data is neither a data URL nor base64"),
        ({"messages": [{"role": "user", "content": [{"type": "image", "sha256": "abc"}]}]}, "must be 64 hexadecimal digits"),
        ({"messages": [{"role": "user", "content": [{"type": "poem"}]}]}, "has the type 'poem'"),
        ({"messages": [USER, FOUR], "images": [DATA_URL]}, "0 turns or marks point to one"),
        ({"prompt": "a", "responses": ["x", "y"], "ranks": [1]}, "holds 2 answers, there are 1"),
        ({"prompt": "a", "responses": ["x"], "ranks": [1.5]}, "ranks[0] must be a whole number"),
        ({"prompt": "a", "completions": ["x"], "labels": ["maybe"]}, "is judged 'maybe'"),
        ({"prompt": "a", "completions": ["x"], "labels": [True, False]}, "completions holds 1 steps, labels holds 2"),
        ({"prompt": "a", "completion": "b", "score": "high"}, "score must be a number, not 'high'"),
        ({"text": "a", "spans": [{"start": 0, "end": 1}]}, "spans[0].label must be a text"),
        ({"text": "a", "spans": [{"start": "x", "end": 1, "label": "L"}]}, "spans[0].start must be a number"),
        ({"text": "a", "created_at": "yesterday"}, "created_at must be ISO 8601"),
        ({"text": "a", "metadata": "{broken"}, "metadata: not JSON"),
        ({"instruction": "a", "output": "b", "history": [["x"]]}, "history[0] must be a list of a question and its answer"),
        ({"conversations": [{"from": "function_call", "value": "no"}]}, "must be the JSON of a call"),
        ({"kind": "binary", "prompt": "a", "completion": "b"}, "has no judgement"),
        ({"messages": [USER], "tools": ["f"]}, "tools[0] must be an object"),
        ({"messages": [USER], "media": [{"kind": "smell", "sha256": SHA}]}, "media[0].kind is 'smell'"),
    ],
)  # fmt: skip
def test_a_bad_row_says_where_and_why(row, said, tmp_path):
    with pytest.raises(InputError) as caught:
        parse_record(row, MediaReader(root=tmp_path))
    assert said in str(caught.value)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "data" / "link.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(InputError, match="leads out of"):
        MediaReader(root=tmp_path / "data").read("link.png", "image", "images[0]")


def test_a_file_that_is_too_large_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("preceptor.datasets.media.MAX_MEDIA_BYTES", 10)
    (tmp_path / "cat.png").write_bytes(PNG)
    for part in (DATA_URL, "cat.png"):
        with pytest.raises(InputError, match="more than 10 bytes"):
            MediaReader(root=tmp_path).read(part, "image", "images[0]")
