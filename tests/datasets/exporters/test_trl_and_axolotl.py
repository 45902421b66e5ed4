"""Rows as TRL's "Dataset formats and types" and Axolotl's pages show them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.exporter import exporters
from preceptor.models.types import Message

PROMPT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]


@pytest.mark.parametrize(("setting", "arguments"), [("object", {"number": 2}), ("text", '{"number": 2}')])
def test_sft_carries_the_tools_as_text_and_the_arguments_as_asked(with_tools, rows, setting, arguments):
    (row,) = rows("trl-sft", with_tools, arguments=setting)
    assert [tool["function"]["name"] for tool in json.loads(row["tools"])] == ["find"]
    assert row["messages"][2]["tool_calls"][1] == {
        "id": "call_two",
        "type": "function",
        "function": {"name": "find", "arguments": arguments},
    }
    assert row["messages"][3] == {"role": "tool", "content": "shipped", "tool_call_id": "call_one"}


def test_reward_rows_hold_whole_conversations_and_the_margin_only_when_asked(pair, rows):
    (row,) = rows("trl-reward", pair, margin=True)
    assert row == {
        "chosen": [*PROMPT, {"role": "assistant", "content": "Hello."}],
        "rejected": [*PROMPT, {"role": "assistant", "content": "What?"}],
        "margin": 0.5,
    }
    assert "margin" not in rows("trl-reward", pair)[0]
    with pytest.raises(InputError, match="'p' has no margin"):
        rows("trl-reward", replace(pair, margin=None), margin=True)


def test_kto_takes_judged_answers_and_others_only_when_asked(binary, pair, scored, rows):
    assert rows("trl-kto", binary) == [
        {"prompt": PROMPT, "completion": [{"role": "assistant", "content": "No."}], "label": False}
    ]
    assert rows("trl-kto", pair) == rows("trl-kto", scored) == []
    assert [row["label"] for row in rows("trl-kto", pair, split_pairs=True)] == [True, False]
    assert [row["label"] for row in rows("trl-kto", scored, good_from=0.7)] == [True]
    assert [row["label"] for row in rows("trl-kto", scored, good_from=0.71)] == [False]


@pytest.mark.parametrize("name", ["trl-prm", "axolotl-prm"])
def test_steps_that_nobody_judged_are_refused_or_cut(steps, rows, name):
    with pytest.raises(InputError, match=r"a step that nobody judged \(steps\[2\]\)"):
        rows(name, steps)
    assert rows(name, steps, unjudged="cut") == [
        {"prompt": "Be brief.\n\n2 + 2?", "completions": ["2 + 2 is 4.", "So 5."], "labels": [True, False]}
    ]
    with pytest.raises(InputError, match="has no judged step"):
        rows(name, replace(steps, steps=steps.steps[2:]), unjudged="cut")


@pytest.mark.parametrize(
    ("from_ranking", "wanted"),
    [
        ("none", []),
        ("best_worst", [("a", "d")]),
        # b and c are equal, so neither is better than the other.
        ("adjacent", [("a", "b"), ("c", "d")]),
        ("all", [("a", "b"), ("a", "c"), ("a", "d"), ("b", "d"), ("c", "d")]),
    ],
)
def test_a_ranking_gives_the_pairs_of_the_setting(ranking, rows, from_ranking, wanted):
    found = rows("trl-preference", ranking, from_ranking=from_ranking)
    assert [(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in found] == wanted


def test_axolotl_preference_is_as_its_page_shows_chat_template_default(pair, rows):
    assert rows("axolotl-preference", pair) == [
        {
            "messages": PROMPT,
            "chosen": {"role": "assistant", "content": "Hello."},
            "rejected": {"role": "assistant", "content": "What?"},
        }
    ]


def test_axolotl_kto_and_reward_take_one_question_and_no_chat(binary, pair, rows):
    assert rows("axolotl-kto", binary) == [{"system": "Be brief.", "prompt": "Hi", "completion": "No.", "label": False}]
    assert rows("axolotl-reward", pair) == [
        {"system": "Be brief.", "input": "Hi", "chosen": "Hello.", "rejected": "What?"}
    ]
    long = replace(pair, messages=(*pair.messages, Message(role="assistant", content="x"), *pair.messages[1:]))
    with pytest.raises(InputError, match="has a prompt of 3 turns"):
        rows("axolotl-reward", long)


def test_each_axolotl_stanza_names_the_file_and_a_type():
    for name in exporters.names():
        if name.startswith("axolotl"):
            (stanza,) = exporters.create(name).config("x.jsonl").content["datasets"]
            assert (stanza["path"], stanza["ds_type"]) == ("x.jsonl", "json")
            assert stanza["type"]
