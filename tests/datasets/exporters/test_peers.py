"""The real libraries read what we export: each in an environment of its own, made by `tools/peers/install <name>`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from preceptor.datasets.export import export
from preceptor.datasets.exporter import exporters

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.peer_library


@pytest.fixture
def read(tmp_path):
    """What a library makes of arguments: the JSON in the last line that its script prints."""

    def run(peer, script, *arguments):
        home = ROOT / ".venv-peers" / peer
        if not (home / "ready").exists():
            pytest.skip(f"no environment with {peer}; make it with: tools/peers/install {peer}")
        environ = {
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(tmp_path / "hf"),
            "OMP_WAIT_POLICY": "PASSIVE",
            "ARGILLA_HOME": str(tmp_path),
        }
        command = [home / "bin" / "python", ROOT / "tools" / "peers" / f"read_{script}.py", *arguments]
        done = subprocess.run([str(part) for part in command], env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def exported(tmp_path):
    def write(name, records, file_name="out.jsonl", **settings):
        return export(records, exporters.create(name, settings), tmp_path / file_name).files[0]

    return write


@pytest.mark.parametrize("kind", ["sft", "preference", "orpo", "reward", "kto"])
def test_trl_trains_a_step_on_the_file(read, exported, with_tools, chat, pair, kind):
    name = {"sft": "trl-sft", "orpo": "trl-preference"}.get(kind, f"trl-{kind}")
    settings = {"split_pairs": True} if kind == "kto" else {}
    path = exported(name, [chat, with_tools, chat] if kind == "sft" else [pair] * 3, **settings)
    seen = read("trl", "trl", kind, path)
    assert seen["loss_is_finite"]
    assert seen["rows"] == seen["prepared"] == (6 if kind == "kto" else 3)
    assert {"id", "source", "licence", "generator"} < set(seen["columns"])
    assert "Be brief." in seen["first"]


def test_trl_shows_tools_and_arguments_to_the_template_as_objects(read, exported, with_tools, chat):
    """A template writes arguments as JSON; had they been text, the model would learn them in quotes."""
    first = read("trl", "trl", "sft", exported("trl-sft", [chat, with_tools]))["first"]
    assert '"arguments": {"number": 1}' in first
    assert first.startswith('<|tools|>[{"function": {"description": "Find an order."')


def test_trl_trains_a_step_on_judged_steps(read, exported, steps):
    """The PRM trainer left TRL after 1.13, so this is its last version there."""
    seen = read("trl-prm", "trl", "steps", exported("trl-prm", [steps] * 3, unjudged="cut"))
    assert seen["loss_is_finite"]
    assert "Be brief.\n\n2 + 2?" in seen["first"]


def test_llama_factory_aligns_every_kind(read, exported, tmp_path, with_tools, chat, pair, binary):
    exported("llama-factory-sft", [with_tools, chat], "sft.jsonl")
    exported("llama-factory-preference", [pair], "pairs.jsonl")
    exported("llama-factory-kto", [binary], "judged.jsonl")
    exported("llama-factory-alpaca", [chat], "alpaca.jsonl")
    names = ("sft", "pairs", "judged", "alpaca")
    (tools, plain), (pair_row,), (judged,), (alpaca,) = read("llama-factory", "llama_factory", tmp_path, *names)
    assert [turn["role"] for turn in tools["_prompt"]] == ["user", "function", "observation"]
    assert tools["_response"] == [{"content": "1 is shipped, 2 is lost.", "role": "assistant"}]
    assert json.loads(tools["_tools"])[0]["name"] == "find"
    assert (plain["_system"], len(plain["_prompt"]), plain["_tools"]) == ("Be brief.", 3, "")
    assert [turn["content"] for turn in pair_row["_response"]] == ["Hello.", "What?"]
    # An unwanted answer comes second, after an empty one: so LLaMA-Factory marks it.
    assert [turn["content"] for turn in judged["_response"]] == ["", "No."]
    assert [turn["content"] for turn in alpaca["_prompt"]] == ["2 + 2?", "4", "3 + 3?"]


@pytest.mark.parametrize(
    ("kind", "fixture"),
    [
        ("sft", "chat"), ("preference", "pair"), ("ranking", "ranking"), ("binary", "binary"), ("steps", "steps"),
        ("spans", "spans"),
    ],
)  # fmt: skip
def test_argilla_reads_the_records_back(read, exported, request, kind, fixture):
    record = request.getfixturevalue(fixture)
    path = exported("argilla", [record], "records.json", kind=kind)
    (wanted,), (seen,) = json.loads(path.read_text("utf-8")), read("argilla", "argilla", path)
    assert (seen["id"], seen["fields"], seen["metadata"]) == (wanted["id"], wanted["fields"], wanted["metadata"])
    assert {name: one["value"] for name, one in seen["suggestions"].items()} == {
        name: one["value"] for name, one in wanted["suggestions"].items()
    }
    assert {one["type"] for one in seen["sent"]} == {"human"}


@pytest.mark.parametrize("kind", ["preference", "binary", "spans"])
def test_label_studio_finds_tasks_and_predictions_valid(read, exported, pair, binary, spans, kind):
    record = {"preference": pair, "binary": binary, "spans": spans}[kind]
    path = exported("label-studio", [record], "tasks.json", kind=kind, labels=["PERSON", "PLACE"])
    assert read("label-studio", "label_studio", path) == {"tasks": 1, "valid": 1, "complaints": []}


def test_axolotl_reads_each_type_by_its_stanza(read, exported, with_tools, pair, binary, steps):
    """Its own prompt strategies; Axolotl whole asks for graphics cards."""
    chat = read("axolotl", "axolotl", exported("axolotl-sft", [with_tools], "sft.jsonl"))
    assert chat["text"].startswith("<|tools|>[{")
    assert '"arguments": {"number": 1}' in chat["learnt"]
    assert "1 is shipped, 2 is lost." in chat["learnt"]
    assert "Where are orders" not in chat["learnt"]
    assert read("axolotl", "axolotl", exported("axolotl-preference", [pair], "pairs.jsonl")) == {
        "prompt": "<|system|>Be brief.<|end|>\n<|user|>Hi<|end|>\n<|assistant|>",
        "chosen": "Hello.<|end|>",
        "rejected": "What?<|end|>",
    }
    judged = read("axolotl", "axolotl", exported("axolotl-kto", [binary], "judged.jsonl"))
    assert (judged["completion"], judged["label"]) == ("No.<|im_end|>", False)
    worked = read("axolotl", "axolotl", exported("axolotl-prm", [steps], "steps.jsonl", unjudged="cut"))
    assert worked["text"].endswith("2 + 2?2 + 2 is 4.\nSo 5.\n")
