"""A file's records are read in every layout that exporters write."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.rows import BadRow, Row
from preceptor.traces.read import iter_records

RECORDS = [{"a": 1}, {"a": [2, {"b": "]"}]}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.jsonl", "\n".join(json.dumps(record) for record in RECORDS)),
        ("x.json", json.dumps(RECORDS)),
        ("x.json", json.dumps(RECORDS, indent=2)),
        ("x.jsonl", "\ufeff" + "\r\n\r\n".join(json.dumps(record) for record in RECORDS)),
    ],
)
def test_lines_and_arrays_give_the_same_records(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [record.value for record in iter_records(tmp_path / name)] == RECORDS


def test_object_over_many_lines_is_one_record(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"resourceSpans": [{"a": 1}]}, indent=2), encoding="utf-8")
    assert list(iter_records(path)) == [Row(number=1, value={"resourceSpans": [{"a": 1}]})]


def test_bad_first_line_does_not_hide_the_others(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"a": \n{"a": 1}\n', encoding="utf-8")
    assert [type(record) for record in iter_records(path)] == [BadRow, Row]


def test_absent_file_folder_and_binary_are_named(tmp_path):
    (tmp_path / "x.jsonl").write_bytes(b"\x1f\x8b\xff\xfe")
    with pytest.raises(NotFoundError):
        list(iter_records(tmp_path / "absent"))
    with pytest.raises(InputError, match="folder"):
        list(iter_records(tmp_path))
    with pytest.raises(InputError, match="not UTF-8"):
        list(iter_records(tmp_path / "x.jsonl"))
