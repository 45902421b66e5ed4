"""Records are read one at a time; a bad one is named and the rest is kept."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from preceptor.core import rows
from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.rows import BadRow, Row, iter_rows, read_rows, text_of, write_json_lines


@pytest.fixture
def write(tmp_path):
    def _write(name: str, text: str | bytes):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


def test_a_bad_line_is_named_and_the_rest_kept(write):
    path = write("a.jsonl", '{"id": 1}\n\n{"id": \n[1]\n{"id": 2}')
    found = list(iter_rows(path))
    assert [row.number for row in found] == [1, 3, 4, 5]
    assert [type(row) for row in found] == [Row, BadRow, BadRow, Row]
    assert "must be an object" in found[2].reason


def test_an_array_is_read_like_lines(write):
    found = list(iter_rows(write("a.json", ' [ {"id": 1}, 7 ,{"id": 2}] ')))
    assert [row.number for row in found] == [1, 2, 3]
    assert isinstance(found[1], BadRow)


def test_a_long_array_is_read_in_pieces(write, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_CHARACTERS", 16)
    path = write("a.json", "[" + ",".join(f'{{"id": "{number}-{"x" * 50}"}}' for number in range(20)) + "]")
    assert len(read_rows(path)) == 20


@pytest.mark.parametrize("text", ['[{"id": 1}, {"id"', '[{"id": 1}', "["])
def test_a_cut_off_array_says_so(write, text):
    assert "cut off" in list(iter_rows(write("a.json", text)))[-1].reason


def test_an_endless_element_is_refused(write, monkeypatch):
    monkeypatch.setattr(rows, "MAX_LINE_CHARACTERS", 100)
    monkeypatch.setattr(rows, "CHUNK_CHARACTERS", 64)
    assert "longer than 100" in list(iter_rows(write("a.json", '["' + "x" * 1000 + '"]')))[0].reason


def test_an_endless_line_is_passed_over(write, monkeypatch):
    monkeypatch.setattr(rows, "MAX_LINE_CHARACTERS", 20)
    found = list(iter_rows(write("a.jsonl", '{"id": "' + "x" * 200 + '"}\n{"id": 2}\n')))
    assert [type(row) for row in found] == [BadRow, Row]


def test_csv_cells_are_texts_under_their_column(write):
    found = list(iter_rows(write("a.csv", '\ufeffitem,value\na,1\nb\n\n"c\nd",2\n')))
    assert found[0] == Row(number=2, value={"item": "a", "value": "1"})
    assert found[1].reason == "1 cells under 2 column names"
    assert found[2].value == {"item": "c\nd", "value": "2"}


def test_tabs_separate_a_tsv(write):
    assert list(iter_rows(write("a.tsv", "item\tvalue\na\t1\n")))[0].value == {"item": "a", "value": "1"}


def test_csv_faults_are_named(write):
    with pytest.raises(InputError, match="column name stands twice"):
        list(iter_rows(write("a.csv", "a,a\n1,2\n")))
    assert "not CSV" in list(iter_rows(write("b.csv", 'a,b\n"x"y,2\n')))[0].reason
    assert list(iter_rows(write("c.csv", ""))) == []


def test_files_that_cannot_be_read_are_named(write, tmp_path):
    with pytest.raises(NotFoundError, match="no file"):
        list(iter_rows(tmp_path / "none.jsonl"))
    with pytest.raises(InputError, match="is a folder"):
        list(iter_rows(tmp_path))
    with pytest.raises(InputError, match="not UTF-8"):
        list(iter_rows(write("a.jsonl", b"\x80\x81")))


def test_read_rows_names_every_bad_line(write):
    path = write("a.jsonl", "x\n" * 25)
    with pytest.raises(InputError) as caught:
        read_rows(path)
    assert len(str(caught.value).splitlines()) == 21
    assert "and 5 more bad lines" in str(caught.value)


def test_lines_are_written_one_object_each():
    stream = io.StringIO()
    assert write_json_lines(stream, iter([{"a": "é"}, {"a": 2}])) == 2
    assert stream.getvalue() == '{"a": "é"}\n{"a": 2}\n'


def test_values_become_label_texts():
    assert [text_of(value) for value in (1.5, True, "a", ["x"])] == ["1.5", "true", "a", '["x"]']


LINES = b'\xef\xbb\xbf{"id": 1}\n{"id": 2}\n'


def test_packed_files_are_unpacked_while_they_are_read(write):
    for name, packed in (
        ("a.jsonl.gz", gzip.compress(LINES)),
        ("a.jsonl.zst", pa.compress(LINES, "zstd", asbytes=True)),
    ):
        assert [row.value for row in iter_rows(write(name, packed))] == [{"id": 1}, {"id": 2}]
    assert read_rows(write("a.csv.gz", gzip.compress(b"item\na\n")))[0].value == {"item": "a"}


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_damaged_or_missing_packed_file_is_named(write, tmp_path, name):
    packed = gzip.compress(LINES * 1_000) if name.endswith(".gz") else pa.compress(LINES * 1_000, "zstd", asbytes=True)
    for content in (b"junk", packed[:-20]):
        with pytest.raises(InputError, match="cannot be unpacked"):
            list(iter_rows(write(name, content)))
    with pytest.raises(NotFoundError, match="no file"):
        list(iter_rows(tmp_path / f"none{name}"))


def test_cells_of_parquet_are_json_values(tmp_path):
    """Moments are ISO 8601, bytes base64, what JSON lacks is null, and a null column is not there."""
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    row = {
        "id": "a",
        "at": moment,
        "image": {"bytes": b"hi", "path": None},
        "scores": [0.5, float("nan")],
        "none": None,
    }
    pq.write_table(pa.Table.from_pylist([row, {"id": "b"}]), tmp_path / "a.parquet")
    first, second = iter_rows(tmp_path / "a.parquet")
    assert first.value == {
        "id": "a", "at": "2026-01-02T00:00:00+00:00", "image": {"bytes": "aGk=", "path": None}, "scores": [0.5, None],
    }  # fmt: skip
    assert (second.number, second.value) == (2, {"id": "b"})


def test_a_broken_parquet_file_is_named(write, tmp_path):
    with pytest.raises(InputError, match="not a whole Parquet file"):
        list(iter_rows(write("a.parquet", b"PAR1")))
    with pytest.raises(NotFoundError, match="no file"):
        list(iter_rows(tmp_path / "none.parquet"))
