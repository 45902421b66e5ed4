"""`preceptor split` divides a file by groups and leaves every byte of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from preceptor.cli.commands.split import command
from preceptor.core.errors import ConflictError, InputError

ROWS = [
    {"id": number, "user": f"u{number % 40}", "messages": [{"role": "user", "content": f"q{number} é"}]}
    for number in range(200)
]
NAMES = ("train", "validation", "test")


@pytest.fixture
def data(tmp_path):
    """Rows written in several ways that mean the same, which must stay as they are."""
    path = tmp_path / "data.jsonl"
    lines = [
        json.dumps(row, ensure_ascii=number % 2 == 0, separators=(",", ":") if number % 3 else None)
        for number, row in enumerate(ROWS)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*arguments):
    done = CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def lines_of(folder):
    return {name: (folder / f"{name}.jsonl").read_bytes().splitlines(keepends=True) for name in NAMES}


def test_rows_stand_as_they_stood_and_groups_together(data, tmp_path):
    summary = run(data, "--group-by", "user", "--out", tmp_path / "out", "--json")
    found = lines_of(tmp_path / "out")
    assert sorted(line for lines in found.values() for line in lines) == sorted(
        data.read_bytes().splitlines(keepends=True)
    )
    users = [{json.loads(line)["user"] for line in lines} for lines in found.values()]
    assert not users[0] & users[1] | users[0] & users[2] | users[1] & users[2]
    assert summary == {
        "num_records": 200, "splits": {name: len(lines) for name, lines in found.items()}, "num_groups": 40, "leaks": 0,
        "shared_prompts": 0,
    }  # fmt: skip


def test_no_row_moves_when_rows_are_added(data, tmp_path):
    run(data, "--group-by", "user", "--out", tmp_path / "before", "--json")
    added = b"".join(json.dumps({"user": f"v{number}", "text": "x"}).encode() + b"\n" for number in range(50))
    data.write_bytes(added + data.read_bytes())
    run(data, "--group-by", "user", "--out", tmp_path / "after", "--json")
    before, after = lines_of(tmp_path / "before"), lines_of(tmp_path / "after")
    assert all(set(before[name]) <= set(after[name]) for name in NAMES)


def test_shares_and_seed_are_options(data, tmp_path):
    run(data, "--group-by", "id", "--train", 0, "--validation", 0, "--test", 1, "--out", tmp_path / "all", "--json")
    assert len(lines_of(tmp_path / "all")["test"]) == 200
    for seed in (1, 2):
        run(data, "--group-by", "id", "--seed", seed, "--out", tmp_path / str(seed), "--json")
    assert lines_of(tmp_path / "1") != lines_of(tmp_path / "2")


def test_prompts_that_stand_in_several_splits_are_counted(tmp_path):
    path = tmp_path / "data.jsonl"
    rows = [{"user": number, "prompt": "Where is it?", "completion": str(number)} for number in range(100)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert run(path, "--group-by", "user", "--out", tmp_path / "a", "--json")["shared_prompts"] == 1
    summary = run(path, "--group-by", "prompt", "--out", tmp_path / "b", "--json")
    assert (summary["shared_prompts"], summary["num_groups"]) == (0, 1)


def test_a_row_without_the_field_stops_it_or_stays_with_its_prompt(data, tmp_path):
    data.write_text(data.read_text(encoding="utf-8") + '\n{"text": "no user"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"data.jsonl:202: has no 'user' to group by; its fields are text"):
        run(data, "--group-by", "user", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert (
        run(data, "--group-by", "user", "--missing", "prompt", "--out", tmp_path / "out", "--json")["num_groups"] == 41
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "not JSON"), ('{"user": {"name": "x"}}', "must be a text or a number"), ("7", "must be an object")],
)
def test_a_bad_row_is_named_and_nothing_written(tmp_path, line, said):
    path = tmp_path / "data.jsonl"
    path.write_text('{"user": "a"}\n' + line, encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        run(path, "--group-by", "user", "--out", tmp_path / "out")
    assert "data.jsonl:2: " in str(caught.value)
    assert [one.name for one in tmp_path.iterdir()] == ["data.jsonl"]


def test_a_folder_that_is_there_is_left_alone(data, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(ConflictError, match="already there"):
        run(data, "--group-by", "user", "--out", tmp_path / "out")


def test_other_formats_become_json_lines(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("user,text\na,hi\nb,ho\n", encoding="utf-8")
    summary = run(
        path, "--group-by", "user", "--train", 1, "--validation", 0, "--test", 0, "--out", tmp_path / "out", "--json"
    )
    assert summary["num_records"] == 2
    assert json.loads(lines_of(tmp_path / "out")["train"][0]) == {"user": "a", "text": "hi"}


def test_people_see_a_table(data, tmp_path):
    done = CliRunner().invoke(command, [str(data), "--group-by", "user", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "40 groups, 0 of them in more than one split" in done.output
