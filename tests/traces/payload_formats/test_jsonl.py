"""Records of any shape become traces through a mapping, or by the usual names."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.core.rows import Row
from preceptor.models.types import Usage
from preceptor.traces.payload_formats.jsonl import Jsonl

CHAT = [
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]},
    {"role": "tool", "content": "ok", "tool_call_id": "1"},
    {"role": "assistant", "content": "Done"},
    {"role": "user", "content": "Bye"},
]


def read(jsonl: Jsonl, record):
    (trace,) = jsonl.read(Row(number=1, value=record))
    return trace


def test_without_an_output_the_last_answer_is_it_and_the_rest_is_kept():
    trace = read(Jsonl(), {"messages": CHAT})
    assert (len(trace.messages), trace.output, [m.content for m in trace.later_messages]) == (3, "Done", ["Bye"])
    assert trace.messages[1].tool_calls[0].name == "f"
    assert len(trace.turns) == 5


def test_output_that_repeats_the_last_answer_is_not_kept_twice():
    trace = read(Jsonl(), {"messages": CHAT[:4], "output": "Done"})
    assert (len(trace.messages), trace.output) == (3, "Done")


def test_every_field_can_be_mapped():
    jsonl = Jsonl(
        id=("meta.run", "meta.n"), prompt="q.text", output="a.0", conversation="meta.run", occurred_at="at",
        model="m", finish_reason="why", error="err", usage="u", recorded_scores={"reward": "r", "vote": "v"},
        metadata={"kind": "meta.kind"},
    )  # fmt: skip
    record = {
        "meta": {"run": "r1", "n": 2, "kind": "x"}, "q": {"text": "Hi"}, "a": ["Yes"], "at": 0, "m": "gpt", "why": "stop",
        "u": {"prompt_tokens": 1}, "r": 1, "v": None,
    }  # fmt: skip
    trace = read(jsonl, record)
    assert (trace.id, trace.request, trace.output, trace.conversation) == ("trace_r1/2", "Hi", "Yes", "r1")
    assert (trace.occurred_at.year, trace.model, trace.finish_reason, trace.error) == (1970, "gpt", "stop", None)
    assert (trace.usage, trace.recorded_scores, trace.metadata) == (
        Usage(input_tokens=1),
        {"reward": 1.0},
        {"kind": "x"},
    )


@pytest.mark.parametrize("prompt", ["prompt", "input", "question"])
@pytest.mark.parametrize("output", ["output", "response", "completion", "answer"])
def test_usual_names_need_no_mapping(prompt, output):
    record = {prompt: "Hi", output: "Hello"}
    assert Jsonl().recognises(record)
    assert read(Jsonl(), record).output == "Hello"


def test_record_without_an_id_is_named_by_its_content():
    first, same, other = (read(Jsonl(), {"prompt": "Hi", "output": text}).id for text in ("a", "a", "b"))
    assert first == same != other


def test_structured_output_is_kept_as_json_and_an_answer_message_as_its_text():
    assert read(Jsonl(), {"prompt": "Hi", "output": {"answer": 1}}).output == '{"answer":1}'
    assert read(Jsonl(), {"prompt": "Hi", "output": {"role": "assistant", "content": "Yes"}}).output == "Yes"


def test_failed_call_needs_no_output():
    trace = read(Jsonl(), {"prompt": "Hi", "error": {"message": "busy"}})
    assert (trace.output, trace.error) == ("", "busy")


@pytest.mark.parametrize(
    ("jsonl", "record", "said"),
    [
        (Jsonl(), {}, "neither messages nor a prompt"),
        (Jsonl(), {"messages": [{"role": "user", "content": "Hi"}]}, "no output, and no message of an assistant"),
        (Jsonl(messages="traj"), {"traj": None}, "nothing stands at 'traj'"),
        (Jsonl(prompt="q"), {"output": "x"}, "nothing stands at 'q'"),
        (Jsonl(output="a.b"), {"prompt": "x", "a": []}, "nothing stands at 'a.b'"),
        (Jsonl(id="n"), {"prompt": "x", "output": "y"}, "nothing stands at 'n'"),
        (Jsonl(), {"prompt": 5, "output": "y"}, "must be a list of messages"),
        (Jsonl(), {"prompt": "x", "output": "y", "scores": {"reward": "NaN"}}, "finite number"),
        (Jsonl(), {"prompt": "x", "output": "y", "scores": [1]}, "mapping of scores"),
        (Jsonl(), {"prompt": "x", "output": "y", "model": []}, "model must be a text"),
    ],
)
def test_record_that_cannot_be_read_says_why(jsonl, record, said):
    with pytest.raises(InputError, match=said):
        read(jsonl, record)


@pytest.mark.parametrize("settings", [{"id": ""}, {"id": ()}, {"output": ""}, {"messages": "a", "prompt": "b"}])
def test_useless_mapping_is_refused(settings):
    with pytest.raises(InputError):
        Jsonl(**settings)
