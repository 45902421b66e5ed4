"""Rows are copied byte for byte, whatever the others were."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from preceptor.core.errors import InputError
from preceptor.core.rows import iter_rows
from preceptor.datasets.copy_rows import copy_rows


def copied(tmp_path, name, content, left_out):
    source, target = tmp_path / name, tmp_path / "out" / name
    source.write_bytes(content)
    copy_rows(source, target, left_out)
    return target.read_bytes()


def test_json_lines_keep_their_spaces_line_ends_and_byte_order_mark(tmp_path):
    content = '\ufeff{"a" :1}\r\n\n  {"b":"\\u00e9 é"}\r\n{"c":3}\n{"d": 4}'.encode()
    kept = '\ufeff{"a" :1}\r\n\n  {"b":"\\u00e9 é"}\r\n{"d": 4}'.encode()
    assert copied(tmp_path, "rows.jsonl", content, {4}) == kept
    assert copied(tmp_path, "rows.jsonl", content, set()) == content


def test_a_csv_row_of_several_lines_goes_or_stays_whole(tmp_path):
    """Its number is that of its last line, as the reader gives it."""
    content = b'id,text\na,"one\ntwo"\nb,"x ""y"""\r\nc,three\n'
    (tmp_path / "rows.csv").write_bytes(content)
    assert [row.number for row in iter_rows(tmp_path / "rows.csv")] == [3, 4, 5]
    assert copied(tmp_path, "rows.csv", content, {3}) == b'id,text\nb,"x ""y"""\r\nc,three\n'
    assert copied(tmp_path, "rows.csv", content, {4, 5}) == b'id,text\na,"one\ntwo"\n'


def test_parquet_keeps_its_columns_and_their_types(tmp_path):
    table = pa.table({"id": pa.array([1, 2, None], pa.int16()), "text": pa.array(["a", "b", "c"], pa.large_string())})
    pq.write_table(table, tmp_path / "rows.parquet")
    copy_rows(tmp_path / "rows.parquet", tmp_path / "kept.parquet", {2})
    assert pq.read_table(tmp_path / "kept.parquet") == table.take([0, 2])


def test_a_line_too_long_for_a_row_is_passed_over_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("preceptor.datasets.copy_rows.MAX_LINE_CHARACTERS", 10)
    assert copied(tmp_path, "rows.jsonl", b"{}\n" + b"x" * 35 + b"\n{}\n", {2}) == b"{}\n{}\n"


def test_a_json_array_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(InputError, match="one object a line"):
        copied(tmp_path, "rows.json", b' [{"a": 1}]', set())
    assert not (tmp_path / "out").exists()


def test_a_file_can_be_replaced_by_its_copy(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"1\n2\n")
    copy_rows(path, path, {1})
    assert path.read_bytes() == b"2\n"
