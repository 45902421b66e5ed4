"""`preceptor check` says what is wrong with a file of training data."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from preceptor.cli.main import run

ROBE = "A robe takes 2 bolts of blue fiber and half that much white fiber. How many bolts in total does it take?"


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def pair(prompt, completion, **more):
    return {"prompt": prompt, "completion": completion, **more}


def run_json(capsys, *arguments):
    code = run(["check", *arguments, "--json"])
    captured = capsys.readouterr()
    return code, json.loads(captured.out) if captured.out else captured.err


def test_clean_data_passes(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", pair("a", "b"), {"id": "t", "text": "hello"})
    code, found = run_json(capsys, path)
    assert code == 0
    assert (found["num_records"], found["num_bad_rows"], found["bad_rows"]) == (2, 0, [])
    assert {check["check"]: (check["num_checked"], check["num_findings"]) for check in found["checks"]} == {
        "schema": (2, 0),
        "exact_duplicate": (2, 0),
        "split_leakage": (0, 0),
        "eval_contamination": (0, 0),
        "personal_data": (2, 0),
    }


def test_each_check_finds_its_planted_record(tmp_path, capsys):
    data = write(
        tmp_path / "data.jsonl",
        pair("How do I pay?", "By card.", id="first", split="train"),
        pair("how do I PAY?", "by card.", split="train"),
        pair("How do I pay?", "By transfer.", id="leak", split="test"),
        pair(f"My teacher asks: {ROBE} Help!", "Three.", id="robe"),
        pair("Who is she?", "ada@example.org", id="mail"),
        {"messages": [{"role": "user", "content": "Hello?"}], "id": "open"},
    )
    evals = write(tmp_path / "evals.jsonl", {"id": "gsm8k_2", "question": ROBE})
    code, found = run_json(capsys, data, "--against", evals)
    assert code == 1
    by_check = {
        check["check"]: [(finding["record_id"], finding["line"]) for finding in check["findings"]]
        for check in found["checks"]
    }
    assert by_check == {
        "schema": [("open", 6)],
        "exact_duplicate": [("line 2", 2)],
        "split_leakage": [("leak", 3)],
        "eval_contamination": [("robe", 4)],
        "personal_data": [("mail", 5)],
    }
    evidence = {check["check"]: check["findings"][0]["evidence"] for check in found["checks"]}
    assert evidence["exact_duplicate"]["kept"] == "first"
    assert evidence["eval_contamination"]["case_id"] == "gsm8k_2"


def test_people_see_line_and_reason_and_how_many_more(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", *[pair("a", "b", id=f"r{number}") for number in range(14)])
    assert run(["check", path]) == 1
    captured = capsys.readouterr()
    assert "line 2 (r1): exact_duplicate: says the same as r0, which is kept" in captured.out
    assert "exact_duplicate: 3 more" in captured.err
    assert run(["check", path, "--limit", "13"]) == 1
    assert "more" not in capsys.readouterr().err


def test_the_limit_cuts_findings_not_counts(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", *[pair("a", "b")] * 5)
    _, found = run_json(capsys, path, "--limit", "1")
    duplicates = found["checks"][1]
    assert (duplicates["num_findings"], len(duplicates["findings"])) == (4, 1)


def test_bad_rows_are_named_and_the_rest_is_checked(tmp_path, capsys):
    path = tmp_path / "data.jsonl"
    path.write_text('{"text": "a"}\n{"question": "b"}\n{"text": "c', encoding="utf-8")
    code, found = run_json(capsys, str(path))
    assert code == 2
    assert (found["num_records"], found["num_bad_rows"]) == (1, 2)
    assert [row["line"] for row in found["bad_rows"]] == [2, 3]
    assert "its fields are question" in found["bad_rows"][0]["reason"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no records: the file is empty"),
        ('{"a": 1}\n{"a": 2}\n', "no row could be read; "),
        ('{"text": "cut', "not JSON"),
    ],
)
def test_a_file_without_records_is_bad_input_in_one_line(tmp_path, capsys, content, said):
    path = tmp_path / "data.jsonl"
    path.write_text(content, encoding="utf-8")
    assert run(["check", str(path), "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_a_missing_file_is_not_found_and_bytes_are_bad_input(tmp_path):
    assert run(["check", str(tmp_path / "none.jsonl")]) == 3
    (tmp_path / "data.jsonl").write_bytes(b"\x80\x81\xff")
    assert run(["check", str(tmp_path / "data.jsonl")]) == 2


def test_a_bad_eval_set_is_refused_with_its_line(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", pair("a", "b"))
    evals = write(tmp_path / "evals.jsonl", {"id": 1, "body": "x"})
    assert run(["check", path, "--against", evals]) == 2
    assert "evals.jsonl:1: has none of input" in capsys.readouterr().err


def test_control_characters_are_not_sent_to_the_terminal(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", pair("a", "b", id="\x1b[31mred"), pair("a", "b", id="\x1b]0;x"))
    run(["check", path])
    assert "\x1b]0" not in capsys.readouterr().out


def test_the_command_starts_without_the_heavy_libraries(tmp_path):
    """The database, the pages and the extras cost seconds that a check of a file does not need."""
    path = write(tmp_path / "data.jsonl", pair("a", "b"))
    code = (
        "import sys; from preceptor.cli.main import run; code = run(sys.argv[1:]); "
        "heavy = {'sqlalchemy', 'jinja2', 'daft', 'spacy'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code, "check", path], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.shared_data
def test_20_planted_gsm8k_questions_are_found_against_the_whole_test_set(shared_data, tmp_path, capsys):
    evals = shared_data / "gsm8k" / "test.jsonl"
    questions = [json.loads(line)["question"] for line in evals.read_text(encoding="utf-8").splitlines()]
    topics = ["a refund", "a parcel", "an invoice", "a password", "a plan"]
    own = [
        pair(f"I need help with {topic}, number {number}.", f"Open the page about {topic}.")
        for number in range(40)
        for topic in topics
    ]
    planted = [
        pair(f"Last week a customer wrote to us: {questions[number]} Kindly reply.", "Sure.", id=f"planted_{number}")
        for number in range(0, 1319, 66)
    ]
    data = write(tmp_path / "data.jsonl", *own, *planted)
    code, found = run_json(capsys, data, "--against", str(evals))
    contamination = next(check for check in found["checks"] if check["check"] == "eval_contamination")
    assert code == 1
    assert len(planted) == 20
    assert [finding["record_id"] for finding in contamination["findings"]] == [row["id"] for row in planted]
