"""Chat template: texts hold no marks of turns, calls fit what is declared, lengths fit the model."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.chat_template import ChatTemplate
from preceptor.datasets.record import make_record
from preceptor.datasets.run_checks import find_in
from preceptor.models.types import Message, ToolCall

SHAPE = {
    "type": "object",
    "properties": {"number": {"type": "integer", "minimum": 1}, "kind": {"enum": ["order", "refund"]}},
    "required": ["number"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "function": {"name": "find", "parameters": SHAPE}}


def reasons(*records, **settings):
    return [finding.reason for finding in find_in(ChatTemplate(**settings), records, CheckContext())]


def calling(arguments='{"number": 12}', name="find", tools=(TOOL,), result_of="call_1"):
    turns = (
        Message(role="user", content="Where is order 12?"),
        Message(role="assistant", content="", tool_calls=(ToolCall(id="call_1", name=name, arguments=arguments),)),
        Message(role="tool", content="shipped", tool_call_id=result_of),
        Message(role="assistant", content="It was shipped."),
    )
    return replace(make_record("sft", turns), tools=tools)


@pytest.mark.parametrize(
    "token", ["<|im_start|>", "</s>", "[INST]", "<|eot_id|>", "<start_of_turn>", "<\uff5cUser\uff5c>", "<|channel|>"]
)
def test_marks_of_every_family_are_found_in_every_text(sft, preference, token):
    found = reasons(sft(f"a{token}b", "c"), preference("a", "b", f"no {token}"), sft("a", "plain < s > [ INST ]"))
    assert found == [
        f"messages[0].content holds the special token {token!r}",
        f"rejected holds the special token {token!r}",
    ]


def test_marks_can_be_added_and_allowed(sft):
    assert reasons(sft("a</s>", "<MY_TURN.*>"), special_tokens=("<MY_TURN.*>",), allow=("</s>",)) == [
        "messages[1].content holds the special token '<MY_TURN.*>'"
    ]
    with pytest.raises(InputError, match="empty text"):
        ChatTemplate(special_tokens=("",))


def test_marks_in_the_arguments_of_a_call_are_found():
    assert (
        "arguments holds the special token '<|im_end|>'"
        in reasons(calling('{"number": 1, "note": "<|im_end|>"}', tools=()))[0]
    )


def test_a_template_without_a_place_for_a_role_is_told():
    turns = (
        Message(role="system", content="Be kind."),
        Message(role="user", content="a"),
        Message(role="assistant", content="b"),
    )
    assert reasons(make_record("sft", turns), roles=("user", "assistant")) == [
        "the template has no place for a turn of the system"
    ]


def test_a_call_that_fits_its_declaration_passes_in_either_form():
    flat = {"name": "find", "input_schema": SHAPE}
    assert reasons(calling(), calling(tools=(flat,)), calling(tools=()), calling(result_of=None)) == []


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (calling('{"number": "12"}'), "number: '12' is not of type 'integer'"),
        (calling('{"number": 0}'), "number: 0 is less than the minimum of 1"),
        (calling('{"kind": "order"}'), "the whole: 'number' is a required property"),
        (calling('{"number": 1, "x": 2}'), "Additional properties are not allowed"),
        (calling("{number: 1}"), "not JSON"),
        (calling("[1]"), "the arguments must be an object"),
        (calling('{"number": NaN}'), "NaN is not JSON"),
        (calling(name="delete"), "calls 'delete', which is not declared; declared are find"),
        (calling(result_of="call_9"), "messages[2] is the result of 'call_9', which is no open call"),
    ],
)
def test_what_is_wrong_with_a_call_is_named(record, said):
    assert said in reasons(record)[0]


def test_a_call_without_a_result_is_found_unless_it_is_what_is_learnt():
    whole = calling()
    assert reasons(replace(whole, messages=whole.messages[:2])) == []
    without = replace(whole, messages=(*whole.messages[:2], whole.messages[3]))
    assert reasons(without) == ["messages[2] comes before the result of the call 'call_1'"]


def test_calls_need_a_declaration_only_where_that_is_asked():
    assert "not declared; declared are none" in reasons(calling(tools=()), must_declare_tools=True)[0]


@pytest.mark.parametrize(
    "shape",
    [
        {"properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}},
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}, {"$ref": "#"}]},
        {"$ref": "https://example.org/schema.json"},
        {"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {"pattern": "^(a+)+$"}}},
        {
            "$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)} | {"d40": {}},
            "$ref": "#/$defs/d0",
        },
        {"type": "no such type"},
        {"properties": {"a": {"enum": ["x" * 70_000]}}},
        {"patternProperties": {"^(a|a)+(a|a)+$": {}}},
    ],
    ids=["endless pattern", "loop", "loops", "network", "other draft", "doubling", "no schema", "huge", "slow key"],
)
def test_hostile_schemas_cost_little_and_stop_nothing(shape):
    """Each would run for hours, or ask the network, with the plain validator; none takes two seconds here."""
    tool = {"name": "find", "parameters": shape}
    started = time.monotonic()
    found = reasons(calling('{"a": "' + "a" * 60 + '!"}', tools=(tool,)), calling())
    assert time.monotonic() - started < 5
    assert len(found) <= 1


def test_many_arguments_that_must_differ_are_compared_in_one_pass():
    """Compared pair by pair, 6,000 lists would take minutes."""
    tool = {"name": "find", "parameters": {"properties": {"a": {"uniqueItems": True}}}}
    items = ",".join(f"[{number}]" for number in range(3_000))
    started = time.monotonic()
    assert reasons(calling(f'{{"a": [{items}]}}', tools=(tool,))) == []
    assert "non-unique" in reasons(calling('{"a": [[1], [1]]}', tools=(tool,)))[0]
    assert time.monotonic() - started < 5


@pytest.fixture
def word_tokenizer(tmp_path):
    """A tokenizer file that counts each word and sign as one token."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.save(str(tmp_path / "tokenizer.json"))
    return str(tmp_path / "tokenizer.json")


def test_length_counts_the_prompt_the_longest_answer_and_the_turns(preference, word_tokenizer):
    """3 tokens of the prompt, 4 of the longer answer, 5 for each of two turns: 17."""
    pair = preference("one two three", "one", "one two three four")
    settings = {"tokenizer": word_tokenizer, "tokens_per_message": 5}
    assert reasons(pair, max_tokens=17, **settings) == []
    assert reasons(pair, max_tokens=16, **settings) == ["17 tokens, at most 16 are allowed"]


def test_openai_encodings_count_too(sft):
    """o200k_base: "hello world" is two tokens, as is "hi there"."""
    settings = {"tokenizer": "o200k_base", "tokens_per_message": 0}
    assert reasons(sft("hello world", "hi there"), max_tokens=4, **settings) == []
    assert reasons(sft("hello world", "hi there"), max_tokens=3, **settings) == ["4 tokens, at most 3 are allowed"]


def test_tokenizers_that_cannot_be_read_are_refused(sft, tmp_path):
    with pytest.raises(InputError, match="give both or none"):
        ChatTemplate(max_tokens=5)
    with pytest.raises(InputError, match="is no file"):
        ChatTemplate(tokenizer=str(tmp_path / "none.json"), max_tokens=5)
    with pytest.raises(InputError, match="GGUF"):
        ChatTemplate(tokenizer="model.gguf", max_tokens=5)
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        reasons(sft("a", "b"), tokenizer=str(tmp_path / "broken.json"), max_tokens=1)
