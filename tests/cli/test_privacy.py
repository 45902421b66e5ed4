"""`preceptor privacy`: files in, files out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from preceptor.cli.main import run

MAIL = "maria@example.org"


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def scan(capsys, *arguments) -> tuple[int, dict]:
    code = run(["privacy", "scan", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def redact(capsys, *arguments) -> tuple[int, dict]:
    code = run(["privacy", "redact", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_findings_say_where_and_never_what(tmp_path, capsys):
    path = write(
        tmp_path / "data.jsonl",
        {"id": "r1", "text": f"ñandú {MAIL}"},
        {"id": 2, "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "DNI 12345678Z"}]},
        {"prompt": "clean", "completion": "too"},
    )
    code, found = scan(capsys, path)
    assert code == 1
    assert found["num_records"] == 3
    assert found["findings"] == [
        {"id": "r1", "field": "text", "start": 6, "end": 23, "type": "EMAIL", "layer": "patterns"},
        {"id": "2", "field": "messages[1].content", "start": 4, "end": 13, "type": "ES_NIF", "layer": "patterns"},
    ]
    assert MAIL not in json.dumps(found)


def test_clean_data_passes(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", {"text": "2 + 2 = 4"}, {"text": ""})
    assert scan(capsys, path) == (0, {"findings": [], "num_records": 2, "num_bad_rows": 0, "bad_rows": []})


def test_bad_rows_are_named_and_the_others_read(tmp_path, capsys):
    path = tmp_path / "data.jsonl"
    path.write_text('{"text": "ok"}\n{"text": \n{"number": 3}\n', encoding="utf-8")
    code, found = scan(capsys, path)
    assert code == 2
    assert [bad["line"] for bad in found["bad_rows"]] == [2, 3]
    assert "no field holds a text" in found["bad_rows"][1]["reason"]


def test_types_locales_and_fields_are_options(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", {"text": f"{MAIL} DNI 12345678Z", "note": "b@c.org"})

    def types(*options: str) -> list[str]:
        return [one["type"] for one in scan(capsys, path, *options)[1]["findings"]]

    assert types("--types", "email") == ["EMAIL"]
    assert types("--locale", "en") == ["EMAIL"]
    assert types("--field", "note") == ["EMAIL", "ES_NIF", "EMAIL"]


def test_people_see_places_and_counts(tmp_path, capsys):
    path = write(tmp_path / "data.jsonl", {"id": "r1", "text": f"mail {MAIL}", "user": "ada"})
    assert run(["privacy", "scan", str(path)]) == 1
    shown = capsys.readouterr()
    assert "r1: text[5:22] EMAIL (patterns)" in shown.out
    assert "not read were the fields user" in shown.err
    assert MAIL not in shown.out + shown.err


@pytest.mark.parametrize("style", ["natural", "placeholder"])
def test_redacted_rows_hold_nothing_and_all_else_stays(tmp_path, capsys, style):
    arguments = '{"to": "maria@example.org", "card": 4111111111111111}'
    row = {
        "id": "r1",
        "n": 1.5,
        "messages": [
            {"role": "user", "content": f"{MAIL} or {MAIL}"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": arguments}}],
            },
        ],
        "user": MAIL,
    }
    path, out = write(tmp_path / "data.jsonl", row, {"text": "ñ"}), tmp_path / "out.jsonl"
    code, said = redact(capsys, path, "--out", out, "--style", style)
    assert code == 0
    assert (said["num_records"], said["num_changed"], said["replaced"]) == (2, 1, {"CARD": 1, "EMAIL": 3})
    made, same = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert same == {"text": "ñ"}
    assert (made["id"], made["n"], made["user"]) == ("r1", 1.5, MAIL)
    first, second = made["messages"][0]["content"].split(" or ")
    assert first == second != MAIL
    call = made["messages"][1]["tool_calls"][0]["function"]
    assert json.loads(call["arguments"])["to"] == first
    assert made["messages"][1]["content"] is None
    assert scan(capsys, out)[0] == 0
    again = tmp_path / "again.jsonl"
    redact(capsys, path, "--out", again, "--style", style)
    assert again.read_bytes() == out.read_bytes()


def test_csv_stays_csv(tmp_path, capsys):
    path, out = tmp_path / "data.csv", tmp_path / "out.csv"
    path.write_text(f'id,text,user\nr1,"one, {MAIL}\ntwo",{MAIL}\n', encoding="utf-8")
    assert scan(capsys, path)[1]["findings"][0]["start"] == 5
    redact(capsys, path, "--out", out, "--style", "placeholder")
    with out.open(newline="", encoding="utf-8") as stream:
        assert list(csv.reader(stream)) == [["id", "text", "user"], ["r1", "one, [EMAIL_1]\ntwo", MAIL]]


def test_parquet_keeps_its_columns(tmp_path, capsys):
    path, out = tmp_path / "data.parquet", tmp_path / "out.parquet"
    table = pa.table(
        {
            "text": ["x", f"mail {MAIL}"],
            "n": pa.array([1, None], pa.int32()),
            "messages": [[{"role": "user", "content": MAIL}], None],
        }
    )
    pq.write_table(table, path)
    assert [one["field"] for one in scan(capsys, path)[1]["findings"]] == ["messages[0].content", "text"]
    redact(capsys, path, "--out", out, "--style", "placeholder")
    made = pq.read_table(out)
    assert made.schema.equals(table.schema)
    assert made.to_pylist() == [
        {"text": "x", "n": 1, "messages": [{"role": "user", "content": "[EMAIL_1]"}]},
        {"text": "mail [EMAIL_1]", "n": None, "messages": None},
    ]


def test_a_json_array_stays_one(tmp_path, capsys):
    path, out = tmp_path / "data.json", tmp_path / "out.json"
    path.write_text(json.dumps([{"text": MAIL}, {"text": "x"}]), encoding="utf-8")
    redact(capsys, path, "--out", out, "--style", "placeholder")
    assert json.loads(out.read_text(encoding="utf-8")) == [{"text": "[EMAIL_1]"}, {"text": "x"}]


def test_a_bad_row_leaves_nothing_written_and_the_old_file_whole(tmp_path, capsys):
    path, out = tmp_path / "data.jsonl", tmp_path / "out.jsonl"
    path.write_text(f'{{"text": "{MAIL}"}}\nnot json\n', encoding="utf-8")
    out.write_text("old", encoding="utf-8")
    assert run(["privacy", "redact", str(path), "--out", str(out)]) == 2
    assert "data.jsonl:2: not JSON" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["scan", "nowhere.jsonl"], 3, "no file"),
        (["scan", "nowhere.parquet"], 3, "no file"),
        (["scan", "x.jsonl", "--types", "EMIAL"], 2, "no layer finds 'EMIAL'"),
        (["scan", "x.jsonl", "--locale", "xx"], 3, "no personal_data_locale named 'xx'"),
        (["scan", "x.jsonl", "--types", "PERSON"], 2, "second layer"),
        (["redact", "x.jsonl", "--out", "x.parquet"], 2, "same ending"),
    ],
)
def test_mistakes_are_named(tmp_path, monkeypatch, capsys, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "x.jsonl", {"text": "x"})
    assert run(["privacy", *arguments]) == code
    assert said in capsys.readouterr().err
