"""`preceptor contamination` says which records hold eval cases, and writes the others."""

from __future__ import annotations

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from preceptor.cli.main import run

ROBE = "A robe takes 2 bolts of blue fiber and half that much white fiber. How many bolts in total does it take?"
HOUSE = "Josh decides to try flipping a house and buys one for eighty thousand dollars in cash"


def write(path, *rows):
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def evals(tmp_path):
    return write(tmp_path / "evals.jsonl", {"id": "robe", "question": ROBE}, {"id": "house", "question": HOUSE})


def contamination(capsys, *arguments):
    code = run(["contamination", *map(str, arguments), "--json"])
    captured = capsys.readouterr()
    return code, json.loads(captured.out) if captured.out else captured.err


def test_each_record_and_case_is_an_entry(tmp_path, capsys, evals):
    rows = [
        {"id": "both", "prompt": f"Two riddles: {HOUSE} -- {ROBE}", "completion": "?"},
        {"prompt": "Hello?", "completion": "Hi."},
        {"messages": [{"role": "user", "content": " ".join(ROBE.split()[:11])}]},
        {"id": 7, "prompt": "x", "chosen": ROBE, "rejected": "y"},
    ]
    code, found = contamination(capsys, write(tmp_path / "data.jsonl", *rows), "--against", evals)
    assert code == 1
    assert found["num_records"] == 4
    assert [(one["id"], one["against"], one["containment"]) for one in found["flagged"]] == [
        ("both", "house", 1.0),
        ("both", "robe", 1.0),
        ("line 3", "robe", pytest.approx(4 / 15, abs=1e-4)),
        ("7", "robe", 1.0),
    ]
    assert found["flagged"][0]["quote"] == "josh decides to try flipping a house and"


def test_clean_data_ends_with_0_and_bad_rows_with_2(tmp_path, capsys, evals):
    clean = write(tmp_path / "clean.jsonl", {"text": "nothing of note"})
    assert contamination(capsys, clean, "--against", evals)[0] == 0
    bad = write(tmp_path / "bad.jsonl", {"text": "fine"}, '{"text": \n', {"body": 1})
    code, found = contamination(capsys, bad, "--against", evals)
    assert (code, found["num_records"], found["flagged"]) == (2, 1, [])
    assert [row["line"] for row in found["bad_rows"]] == [2, 3]
    assert "has none of messages" in found["bad_rows"][1]["reason"]


def test_the_clean_rows_are_written_as_they_stood(tmp_path, capsys, evals):
    kept = '{"text" : "caf\\u00e9 –"}\n'
    data = write(tmp_path / "data.jsonl", kept, {"text": ROBE}, "{broken\n", kept)
    code, _ = contamination(capsys, data, "--against", evals, "--out", tmp_path / "clean.jsonl")
    assert code == 1
    assert (tmp_path / "clean.jsonl").read_text(encoding="utf-8") == kept * 2


def test_csv_and_parquet_are_read_and_written(tmp_path, capsys, evals):
    rows = [{"id": "a", "text": f"Well, {ROBE}"}, {"id": "b", "text": "fine"}]
    with (tmp_path / "data.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["id", "text"])
        writer.writeheader()
        writer.writerows(rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "data.parquet")
    for name in ("data.csv", "data.parquet"):
        code, found = contamination(capsys, tmp_path / name, "--against", evals, "--out", tmp_path / f"clean_{name}")
        assert (code, [one["id"] for one in found["flagged"]]) == (1, ["a"])
    assert (tmp_path / "clean_data.csv").read_text(encoding="utf-8").splitlines() == ["id,text", "b,fine"]
    assert pq.read_table(tmp_path / "clean_data.parquet").to_pylist() == rows[1:]


def test_several_eval_sets_and_other_settings(tmp_path, capsys, evals):
    more = write(tmp_path / "more.jsonl", {"id": "robe", "text": "the quick brown fox"})
    data = write(tmp_path / "data.jsonl", {"text": "See the quick brown dog."}, {"text": ROBE})
    code, found = contamination(capsys, data, "--against", evals, "--against", more, "--ngram", 3, "--containment", 0.5)
    assert code == 1
    assert {(one["id"], one["against"]) for one in found["flagged"]} == {("line 1", "more:robe"), ("line 2", "robe")}


def test_rephrased_cases_are_pointed_to_but_not_flagged(tmp_path, capsys):
    evals = write(tmp_path / "evals.jsonl", {"id": "planet", "text": "What is the biggest planet in our solar system?"})
    data = write(
        tmp_path / "data.jsonl",
        {"text": "Which is the largest planet that orbits the sun?"},
        {"text": "My parcel has not arrived yet, please help."},
    )
    code, found = contamination(capsys, data, "--against", evals, "--rephrased", "--out", tmp_path / "out.jsonl")
    assert (code, found["flagged"]) == (0, [])
    assert [(one["id"], one["against"]) for one in found["rephrased"]] == [("line 1", "planet")]
    assert (tmp_path / "out.jsonl").read_bytes() == data.read_bytes()


def test_people_see_the_line_the_case_and_the_words(tmp_path, capsys, evals):
    data = write(tmp_path / "data.jsonl", {"text": "ok"}, {"id": "x", "text": f"{ROBE} {HOUSE}"}, "[1]\n")
    assert run(["contamination", str(data), "--against", str(evals)]) == 1
    shown = capsys.readouterr()
    assert "line 2 (x): holds 100% of house (and 1 more cases): “josh decides to try" in shown.out
    assert "line 3 could not be read" in shown.err


@pytest.mark.parametrize("content", ["", "{broken\n"])
def test_a_file_without_records_is_refused(tmp_path, capsys, evals, content):
    code, said = contamination(capsys, write(tmp_path / "data.jsonl", content), "--against", evals)
    assert code == 2
    assert "holds no records" in said


def test_no_cases_are_refused(tmp_path, capsys):
    data = write(tmp_path / "data.jsonl", {"text": "ok"})
    code, said = contamination(capsys, data, "--against", tmp_path / "none.jsonl")
    assert code == 3
    assert "no file" in said
    assert run(["contamination", str(data)]) == 2
