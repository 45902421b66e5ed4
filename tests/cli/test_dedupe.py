"""`preceptor dedupe`: files in, files out."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from preceptor.cli.commands.dedupe import command

LONG = " ".join(f"word{number}" for number in range(60))
ROWS = [
    {"id": "a", "text": LONG},
    {"id": "b", "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "Something else."}]},
    {"id": "c", "text": LONG.upper() + "!"},
    {"text": LONG + " and more"},
]


def write(path, rows):
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
    return path


def run(*arguments):
    done = CliRunner().invoke(command, [str(one) for one in arguments], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done


def test_the_promised_keys(tmp_path):
    """60 words have 56 runs of five; two more add two: 56 of 58."""
    done = run(write(tmp_path / "data.jsonl", ROWS), "--json", "--keep", "first")
    said = json.loads(done.stdout)
    assert said["num_records"] == 4
    assert [(row["id"], row["kept"], row["score"]) for row in said["removed"]] == [
        ("c", "a", 1.0),
        ("line 4", "a", pytest.approx(56 / 58)),
    ]
    assert done.return_value == 0


def test_the_rows_that_are_kept_stay_as_they_stood(tmp_path):
    rows = ['{"id":  "x", "text": "caf\\u00e9 one two three four five"}\n', *ROWS]
    data, out = write(tmp_path / "data.jsonl", rows), tmp_path / "new" / "kept.jsonl"
    run(data, "--out", out, "--keep", "first")
    lines = data.read_bytes().splitlines(keepends=True)
    assert out.read_bytes() == b"".join(lines[:3])


def test_bad_rows_are_named_and_not_lost_in_silence(tmp_path):
    data = write(tmp_path / "data.jsonl", [ROWS[0], "{broken\n", ROWS[2]])
    done = run(data, "--json")
    said = json.loads(done.stdout)
    assert (said["num_records"], said["num_bad_rows"], done.return_value) == (2, 1, 2)
    assert said["bad_rows"][0]["line"] == 2
    assert len(said["removed"]) == 1


def test_tables_are_read_too(tmp_path):
    (tmp_path / "data.csv").write_text("id,text\n1," + LONG + "\n2," + LONG + "\n")
    pq.write_table(pa.table({"id": ["1", "2"], "text": [LONG, LONG]}), tmp_path / "data.parquet")
    for name in ("data.csv", "data.parquet"):
        said = json.loads(run(tmp_path / name, "--json").stdout)
        assert [row["score"] for row in said["removed"]] == [1.0]


def test_an_index_remembers_other_files(tmp_path):
    one, two = write(tmp_path / "one.jsonl", ROWS[:2]), write(tmp_path / "two.jsonl", ROWS[2:])
    answers = [run(file, "--index", tmp_path / "index", "--json").stdout for file in (one, two, one, two)]
    assert answers[:2] == answers[2:]
    assert [row["kept"] for row in json.loads(answers[1])["removed"]] == ["a", "a"]


def test_people_see_what_was_found(tmp_path):
    done = run(write(tmp_path / "data.jsonl", ROWS), "--keep", "first")
    assert "line 3 (c): 1.000 like a, which is kept" in done.stdout
