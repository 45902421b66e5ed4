"""A file's good records are kept once and redacted; the others are reported; nothing else is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from preceptor.core.errors import InputError, NotFoundError
from preceptor.storage.database import Database
from preceptor.traces.ingest import ingest
from preceptor.traces.payload_format import PayloadFormat
from preceptor.traces.payload_formats.jsonl import Jsonl
from preceptor.traces.payload_formats.openai import Openai
from preceptor.traces.payload_formats.otlp import Otlp
from preceptor.traces.store import TraceStore
from preceptor.traces.types import IngestReport


def record(name: str, output: str = "Hello") -> str:
    return json.dumps({"id": name, "prompt": "Hi", "output": output})


def write(tmp_path: Path, content: str, name: str = "traces.jsonl") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def keep(
    database: Database, path: Path, payload_format: PayloadFormat | None = None, *, strict: bool = False
) -> IngestReport:
    with database.write() as connection:
        return ingest(path, payload_format or Jsonl(), TraceStore(connection), strict=strict)


def kept_ids(database: Database) -> list[str]:
    with database.read() as connection:
        return [trace.id for trace in TraceStore(connection).iter_all()]


def test_good_records_are_kept_and_bad_ones_reported_with_their_number(database: Database, tmp_path):
    lines = [
        record("a"),
        "not json",
        record("b"),
        '{"prompt": "Hi"}',
        '{"id": "c", "prompt": "Hi", "output": NaN}',
        record("d"),
    ]
    report = keep(database, write(tmp_path, "\n".join(lines)))
    assert [bad.number for bad in report.rejected] == [2, 4, 5]
    assert "not JSON" in report.rejected[0].reason
    assert "no output" in report.rejected[1].reason
    assert "NaN" in report.rejected[2].reason
    assert (report.num_read, report.num_added, report.num_already_there) == (6, 3, 0)
    assert kept_ids(database) == ["trace_a", "trace_b", "trace_d"]


def test_importing_twice_keeps_one(database: Database, tmp_path):
    path = write(tmp_path, "\n".join(record(str(number)) for number in range(450)))
    first, second = keep(database, path), keep(database, path)
    assert (first.num_added, first.num_already_there) == (450, 0)
    assert (second.num_added, second.num_already_there, second.rejected) == (0, 450, ())
    assert first.trace_ids == second.trace_ids
    assert len(kept_ids(database)) == 450


def test_same_id_with_other_content_is_rejected_and_the_first_stays(database: Database, tmp_path):
    """In one file, and against what is there already."""
    report = keep(
        database, write(tmp_path, "\n".join([record("a", "first"), record("a", "second"), record("a", "first")]))
    )
    assert (report.num_added, report.num_already_there, [bad.number for bad in report.rejected]) == (1, 1, [2])
    again = keep(database, write(tmp_path, record("a", "third")))
    assert "belongs to another trace" in again.rejected[0].reason
    with database.read() as connection:
        assert TraceStore(connection).get("trace_a").output == "first"


def test_strict_writes_nothing_and_names_each_bad_record(database: Database, tmp_path):
    path = write(tmp_path, "\n".join([record("a"), "{", "[]", record("b")]))
    with pytest.raises(InputError, match=r"(?s)traces\.jsonl:2: .*traces\.jsonl:3: .*nothing was written"):
        keep(database, path, strict=True)
    assert kept_ids(database) == []


def test_strict_refusal_leaves_the_callers_transaction_usable(database: Database, tmp_path):
    bad, good = write(tmp_path, record("a") + "\n{", "bad.jsonl"), write(tmp_path, record("b"), "good.jsonl")
    with database.write() as connection:
        store = TraceStore(connection)
        with pytest.raises(InputError):
            ingest(bad, Jsonl(), store, strict=True)
        ingest(good, Jsonl(), store, strict=True)
    assert kept_ids(database) == ["trace_b"]


def test_truncated_file_keeps_what_came_before_the_cut(database: Database, tmp_path):
    lines = "\n".join([record("a"), record("b")])[:-10]
    array = f"[{record('c')}, {record('d')}]"[:-10]
    for content, name in ((lines, "cut.jsonl"), (array, "cut.json")):
        report = keep(database, write(tmp_path, content, name))
        assert (report.num_added, [bad.number for bad in report.rejected]) == (1, [2])
    assert kept_ids(database) == ["trace_a", "trace_c"]


@pytest.mark.parametrize("content", ["", "\n \n", "[]", "id,prompt,output\n"])
def test_file_without_records_is_an_error(database: Database, tmp_path, content):
    name = "x.csv" if content.startswith("id") else "x.jsonl"
    with pytest.raises(InputError, match="holds no records"):
        keep(database, write(tmp_path, content, name))


def test_absent_file_is_not_found(database: Database, tmp_path):
    with pytest.raises(NotFoundError):
        keep(database, tmp_path / "absent.jsonl")


def test_file_that_breaks_off_in_bytes_leaves_nothing_behind(database: Database, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes((record("a") + "\n").encode() * 3000 + b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        keep(database, path)
    assert kept_ids(database) == []


def test_wrong_format_rejects_every_record_with_its_reason(database: Database, tmp_path):
    report = keep(database, write(tmp_path, record("a") + "\n" + record("b")), Openai())
    assert (report.num_added, len(report.rejected)) == (0, 2)


def test_csv_is_read_by_its_column_names(database: Database, tmp_path):
    report = keep(database, write(tmp_path, "id,prompt,output\n1,Hi,Hello\n2,Hi\n", "x.csv"))
    assert (report.num_added, report.rejected[0].number) == (1, 3)


def test_no_personal_data_reaches_the_database(database: Database, tmp_path):
    """Searched in the raw rows of the table, the report's reasons and its quoted lines."""
    mail = "ada@example.org"
    rich = {
        "id": mail, "messages": [{"role": "user", "content": mail, "name": mail}], "output": mail, "error": mail,
        "conversation": mail, "model": mail, "metadata": {"m": [mail], mail: 1}, "scores": {mail: 1},
    }  # fmt: skip
    wrong = {"prompt": mail, "output": mail, "scores": {"a": mail}}
    lines = [json.dumps(rich), json.dumps(wrong), f'{{"prompt": "{mail}"']
    report = keep(database, write(tmp_path, "\n".join(lines)))
    assert (report.num_added, report.num_redacted, len(report.rejected)) == (1, 1, 2)
    assert mail not in str(report)
    with database.read() as connection:
        rows = connection.execute(text("SELECT * FROM traces")).all()
    assert mail not in str(rows)
    assert rows[0].num_redactions == 10  # counted in `rich` by hand


def test_hostile_records_are_rejected_or_kept_and_nothing_breaks(database: Database, tmp_path):
    deep = '{"prompt": "a", "output": ' + "[" * 100_000 + "]" * 100_000 + "}"
    lines = [
        deep,
        '{"prompt": "a", "output": 1e999}',
        '{"prompt": "a", "output": ' + "9" * 5000 + "}",
        '{"prompt": "a", "prompt": "b", "output": "c"}',
        '{"id": "escape\\u001b", "prompt": "a", "output": "b"}',
        '{"id": "text", "prompt": "\\u0000\\u001b[31m\\ud800", "output": "b", "conversation": "a\\u0000b"}',
        '{"id": ["x"], "prompt": "a", "output": "b"}',
        '{"id": "long", "prompt": "a", "output": "b", "conversation": "' + "c" * 3000 + '"}',
        "5",
        "null",
        '"text"',
    ]
    report = keep(database, write(tmp_path, "\n".join(lines)))
    assert report.num_read == len(lines)
    assert kept_ids(database) == ["trace_text"]
    assert [bad.number for bad in report.rejected] == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    assert all(len(bad.reason) < 300 for bad in report.rejected)


def test_spans_are_read_from_one_object_over_many_lines(database: Database, tmp_path):
    span = {
        "traceId": "0af7651916cd43dd8448eb211c80319c",
        "attributes": [
            {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
            {"key": "gen_ai.prompt", "value": {"stringValue": "Hi"}},
            {"key": "gen_ai.completion", "value": {"stringValue": "Hello"}},
        ],
    }
    tool = {**span, "attributes": [{"key": "gen_ai.operation.name", "value": {"stringValue": "execute_tool"}}]}
    spans = [{**span, "spanId": "b7ad6b7169203331"}, {**tool, "spanId": "b7ad6b7169203332"}, {**span, "spanId": "none"}]
    path = write(tmp_path, json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}, indent=1))
    report = keep(database, path, Otlp())
    assert (report.num_read, report.num_added, report.passed_over) == (2, 1, {"execute_tool": 1})
    assert "spans[2].spanId" in report.rejected[0].reason
