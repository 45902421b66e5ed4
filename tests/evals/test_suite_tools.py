"""What a suite's file says beyond cases and graders: purpose, goals, tools, epochs, limits, replays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preceptor.core.errors import InputError
from preceptor.evals.from_labels import write_suite
from preceptor.evals.identity import suite_hashes
from preceptor.evals.kept_suite import suite_bytes, suite_from_bytes
from preceptor.evals.suite import load_suite
from preceptor.evals.types import EvalCase, Limits, RecordedToolResult
from preceptor.models.types import Message, ToolCall

HEAD = "name: s\nprimary: said\ngraders:\n  said: {kind: contains, values: [a]}\ncases: s.jsonl\n"
TOOLS = """\
purpose: regression
goals: {honest: says what it knows}
epochs: 3
limits: {max_steps: 4, max_output_tokens: 500}
tools:
  - name: look
    description: Looks
    parameters: {type: object, properties: {id: {type: string}}}
    function: tools/look.py:look
"""
TALK = [
    {"role": "user", "content": "one"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"id": "7"}'}}],
    },
    {"role": "tool", "content": "found", "tool_call_id": "1"},
    {"role": "assistant", "content": "answer"},
    {"role": "user", "content": "two"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "look.py").write_text("raise SystemExit('a suite that is read runs nothing')\n")
    (tmp_path / "s.yaml").write_text(HEAD + TOOLS)
    write_rows(tmp_path, {"id": "a", "input": "hi"})
    return tmp_path


def write_rows(folder: Path, *rows: object) -> None:
    (folder / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def mistakes(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_suite(folder / "s.yaml")
    return str(caught.value).replace(f"{folder}/", "")


def test_all_of_it_is_read_and_nothing_is_run(folder):
    suite = load_suite(folder / "s.yaml")
    assert (suite.purpose, suite.goals, suite.epochs) == ("regression", {"honest": "says what it knows"}, 3)
    assert suite.limits == Limits(max_steps=4, max_output_tokens=500)
    assert (suite.tools[0].tool.name, suite.tools[0].function) == ("look", "tools/look.py:look")
    assert len(suite.tools[0].function_hash) == 64


def test_a_replayed_case_shows_the_conversation_up_to_the_turn(folder):
    write_rows(folder, *({"id": f"t{turn}", "messages": TALK, "replay": {"turn": turn}} for turn in (1, 2)))
    first, second = load_suite(folder / "s.yaml").cases
    assert [message.content for message in first.messages] == ["one"]
    assert first.tool_results == (RecordedToolResult(name="look", arguments={"id": "7"}, content="found"),)
    assert [message.content for message in second.messages] == ["one", "", "found", "answer", "two"]
    assert second.messages[1].tool_calls == (ToolCall(id="1", name="look", arguments='{"id": "7"}'),)


def test_every_mistake_is_named_with_its_line(folder):
    (folder / "s.yaml").write_text(
        HEAD
        + "purpose: golden\n"
        + "goals: {honest: x}\n"
        + "epochs: 0\n"
        + "limits: {max_steps: 1}\n"
        + "tools:\n"
        + "  - {name: look, parameters: {type: nonsense}}\n"
        + "  - {name: look}\n"
        + "  - {name: 'no good'}\n"
        + "  - {name: fetch, function: '../x.py:f'}\n"
        + "  - {name: gone, function: 'gone.py:f'}\n"
        + "  - {name: far, parameters: {$ref: 'http://example.org/x'}}\n"
    )
    write_rows(
        folder,
        {"id": "a", "input": "x", "goals": ["honest", "kind"]},
        {"id": "b", "input": "x", "tool_results": [{"name": "other", "content": "y"}]},
        {"id": "c", "input": "x", "user_turns": ["and?"]},
        {"id": "d", "messages": TALK, "replay": {"turn": 3}},
        {"id": "e", "input": "x", "replay": {"turn": 1}},
        {"id": "f", "input": "x", "tags": [""]},
    )
    said = mistakes(folder)
    for part in (
        "s.yaml:8: epochs: is 0; give 1 to 1,000",
        "s.yaml:11: tools[0].parameters: no JSON schema at type",
        "s.yaml:12: tools[1].name: the tool 'look' is declared twice",
        "s.yaml:13: tools[2].name: 'no good'",
        "s.yaml:14: tools[3].function: function is '../x.py:f'; its file must lie in the suite's folder",
        "s.yaml:15: tools[4].function:",
        "s.yaml:16: tools[5].parameters: it refers to 'http://example.org/x', which is not fetched",
        "s.jsonl:1: goals: the suite lists no goal 'kind'; it lists: honest",
        "s.jsonl:2: tool_results: the suite lists no tool 'other'",
        "s.jsonl:3: user_turns: 2 answers are needed, but limits.max_steps is 1",
        "s.jsonl:4: replay.turn: replay up to turn 3 of the user: the conversation has 2",
        "s.jsonl:5: replay needs messages",
        "s.jsonl:6: an entry of tags is empty",
    ):
        assert part in said, said


def test_a_written_case_is_read_as_it_was(tmp_path):
    whole = EvalCase(
        id="c",
        messages=(
            Message(role="user", content="é", name="Ann"),
            Message(role="assistant", content="", tool_calls=(ToolCall(id="1", name="look", arguments="{}"),)),
            Message(role="tool", content="x", name="look", tool_call_id="1"),
        ),
        target={"a": [1, 2.5, None]},
        cluster="u",
        slices=("failure=late", "failure=wrong", "odd"),
        source_id="trace_1",
        metadata={"expected": "answer"},
        tags=("must_pass",),
        goals=("honest",),
        rubric="Look at the tone.",
        user_turns=("and?",),
        tool_results=(
            RecordedToolResult(name="look", content="y", arguments={"id": 1}),
            RecordedToolResult(name="look", content="z"),
        ),
    )
    plain = EvalCase(id="d", messages=(Message(role="user", content="x"),), slices=("intent=a=b", "locale=de"))
    settings = {"primary": "m", "graders": {"m": {"kind": "contains", "values": ["x"]}}, "tools": [{"name": "look"}]}
    suite = load_suite(write_suite(tmp_path, "s", settings, [whole, plain]))
    assert suite.cases == (whole, plain)
    assert suite_from_bytes(suite_bytes(suite)) == suite


def test_what_changes_the_answers_changes_the_hash_of_the_cases(folder):
    def cases_hash() -> str:
        return suite_hashes(load_suite(folder / "s.yaml"))[0]

    hashes = [cases_hash()]
    for before, after in (("epochs: 3", "epochs: 2"), ("max_steps: 4", "max_steps: 5"), ("Looks", "Looks up")):
        (folder / "s.yaml").write_text((HEAD + TOOLS).replace(before, after))
        hashes.append(cases_hash())
    (folder / "tools" / "look.py").write_text("def look(): return 1\n")
    hashes.append(cases_hash())
    assert len(set(hashes)) == 5
    same = cases_hash()
    (folder / "s.yaml").write_text((HEAD + TOOLS).replace("Looks", "Looks up").replace("regression", "golden"))
    assert cases_hash() == same
