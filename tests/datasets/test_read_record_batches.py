"""Batches are read at full speed, and are what the slow way gives."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from operator import attrgetter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.rows import BadRow
from preceptor.datasets import read_lines, read_records
from preceptor.datasets.batch import batch_row
from preceptor.datasets.commit import commit
from preceptor.datasets.parquet import parquet_bytes
from preceptor.datasets.read_lines import iter_lines
from preceptor.datasets.read_plain import Defaults, read_plain
from preceptor.datasets.read_records import Reading, iter_read_records, iter_record_batches
from preceptor.datasets.read_row import parse_record
from preceptor.datasets.types import DatasetDraft

TURNS = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


id_of = attrgetter("id")


def records_of(paths, **settings):
    found = list(iter_record_batches(paths, **settings))
    assert not [one for one in found if isinstance(one, BadRow)]
    return [record for batch in found for record in batch.records]


@given(
    row=st.fixed_dictionaries(
        {"messages": st.lists(st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "assistant"]), "content": TEXT}), max_size=4)},
        optional={
            "id": TEXT | st.integers(),
            "source": TEXT,
            "license": TEXT,
            "lang": TEXT,
            "group": st.none() | TEXT,
            "split": st.sampled_from(["train", "test"]),
            "source_ids": st.lists(TEXT, max_size=2),
            "created_at": st.datetimes().map(str),
            "topic": st.none() | TEXT | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.lists(TEXT, max_size=2),
            "metadata": st.dictionaries(TEXT, TEXT | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.dictionaries(TEXT, TEXT, max_size=2), max_size=2),
            "score": st.integers(),
        },
    ),
    is_ascii=st.booleans(),
    is_compact=st.booleans(),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_a_plain_row_is_what_the_slow_way_gives(row, is_ascii, is_compact):
    """Column by column and byte by byte, or it is left to the slow way."""
    line = json.dumps(row, ensure_ascii=is_ascii, separators=(",", ":") if is_compact else None).encode()
    found = read_plain(line)
    if found is not None:
        assert found == batch_row(parse_record(json.loads(line)))


@given(prompt=TEXT, chosen=TEXT, rejected=TEXT)
@settings(max_examples=50, deadline=None)
def test_plain_texts_too(prompt, chosen, rejected):
    for row in ({"prompt": prompt, "completion": chosen}, {"prompt": prompt, "chosen": chosen, "rejected": rejected}):
        found = read_plain(json.dumps(row).encode())
        if found is not None:
            assert found == batch_row(parse_record(row))


@pytest.mark.parametrize(
    "row",
    [
        {"messages": TURNS},
        {
            "id": "a",
            "messages": TURNS,
            "source": "chats",
            "licence": "MIT",
            "metadata": {"intent": "x"},
            "topic": {"a": [1]},
        },
        {"messages": [{"role": "user", "content": 'say "a": {"b": 1}'}]},
        {"prompt": "hi", "completion": "hello"},
        {"prompt": "hi", "chosen": "a", "rejected": "b"},
    ],
)
def test_the_usual_rows_take_the_fast_way(row):
    assert read_plain(json.dumps(row).encode()) == batch_row(parse_record(row))


@pytest.mark.parametrize(
    "line",
    [
        b'{"messages": [{"role": "user", "content": "a"}], "id": 1, "id": 2}',
        b'{"messages": [{"role": "user", "content": "a", "content": "b"}]}',
        b'{"messages": [{"role": "user", "content": "a", "conten\\u0074": "b"}]}',
        b'{"messages": [{"role": "user", "content": "a"}], "metadata": {"x": 1, "x": 2}}',
        b'{"messages": [{"role": "user", "content": "a"}], "metadata": {"x": {"y": 1, "y": 2}}}',
        b'{"messages": [{"role": "user", "content": "a"}], "topic": [{"y": 1, "y": 2}]}',
        b'{"messages": [{"role": "user", "content": "a"}], "metadata": {"x" : 1, "x": 2}}',
        b'{"messages": [{"role": "user", "content": "a"}], "id"  : 1, "id": 2}',
        b'{"messages": [{"role": "user", "content": "a"}], "id"\t: 1, "id": 2}',
        b'{"messages": [{"role": "user", "content": "a"}], "id"\r: 1, "id": 2}',
        b'{"messages": [{"role": "user", "content": "a"}], "topic": NaN}',
        b'{"messages": [{"role": "robot", "content": "a"}]}',
        b'{"messages": [{"role": "user", "content": "a\\u0000"}]}',
        b'{"messages": [{"role": "user", "content": "a\xff"}]}',
        b'{"messages": [{"role": "user"}]}',
        b'{"messages": [{"role": "user", "content": "a"}], "created_at": "soon"}',
        b'{"messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"messages": [{"role": "user", "content": "a"}], "topic": ' + b"[" * 300 + b"]" * 300 + b"}",
        b"1",
        b"{",
    ],
)
def test_what_the_slow_way_refuses_is_not_read_fast(line, tmp_path):
    assert read_plain(line) is None
    (tmp_path / "x.jsonl").write_bytes(b"\n" + line)
    (bad,) = iter_record_batches([tmp_path / "x.jsonl"])
    assert (bad.number, bad.path) == (2, str(tmp_path / "x.jsonl"))


def test_rows_that_are_not_plain_are_read_all_the_same(tmp_path):
    rows = [
        {"messages": [*TURNS, {"role": "tool", "content": "x", "tool_call_id": "c"}]},
        {"prompt": "a", "completion": "b", "label": True},
        {"messages": TURNS, "generator": "m", "generator_prompt": "p"},
        {"conversations": [{"from": "human", "value": "hi"}]},
    ]
    path = tmp_path / "data.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert records_of([path]) == [parse_record(row) for row in rows]


def test_ordinals_run_over_all_files_and_bad_rows_take_none(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"text": "one"}) + "\nbroken\n" + json.dumps({"text": "two"}), encoding="utf-8"
    )
    (tmp_path / "b.csv").write_text("prompt,completion\nthree,3\n", encoding="utf-8")
    bad, first, last = iter_record_batches([tmp_path / "*.jsonl", tmp_path / "b.csv"], size=2)
    assert (bad.path, bad.number) == (str(tmp_path / "a.jsonl"), 2)
    assert [*first.ordinals, *last.ordinals] == [0, 1, 2]
    assert last.records[0].messages[0].content == "three"


def test_every_format_gives_the_same_records(tmp_path):
    rows = [{"id": str(number), "messages": TURNS, "topic": "x"} for number in range(3)]
    lines = "\ufeff" + "".join(json.dumps(row) + "\r\n" for row in rows)
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8", newline="")
    (tmp_path / "a.json").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "a.jsonl.zst").write_bytes(pa.compress(lines.encode(), "zstd", asbytes=True))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text(
        "id,messages,topic\n"
        + "".join(f'{row["id"]},"{json.dumps(TURNS).replace(chr(34), chr(34) * 2)}",x\n' for row in rows),
        encoding="utf-8",
    )
    expected = [parse_record(row) for row in rows]
    for name in ("a.jsonl", "a.json", "a.jsonl.gz", "a.jsonl.zst", "a.parquet", "a.csv"):
        assert records_of([tmp_path / name]) == expected, name


def test_our_own_versions_and_files_come_back(records, tmp_path, clock):
    """The row's id is the record's own, so it is not kept a second time."""
    version = commit(DatasetDraft(name="support", records=records[2:]), tmp_path, clock)
    expected = [replace(one, split=one.split or "train") for one in records[2:]]
    assert sorted(records_of([version.folder]), key=id_of) == sorted(expected, key=id_of)
    (tmp_path / "own.parquet").write_bytes(parquet_bytes(records[2:3], "sft", has_tools=False))
    (own,) = records_of([tmp_path / "own.parquet"])
    assert own == replace(records[2], split=None)


def test_defaults_are_for_rows_that_say_nothing_and_fields_can_be_renamed(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text(
        '{"prompt": "a", "completion": "b"}\n{"prompt": "a", "completion": "b", "license": "MIT"}', encoding="utf-8"
    )
    defaults = Defaults(licence="CC0-1.0", source="chats")
    assert [one.licence for one in records_of([path], reading=Reading(defaults=defaults))] == ["CC0-1.0", "MIT"]
    assert {one.source for one in records_of([path], reading=Reading(defaults=defaults))} == {"chats"}
    renamed = Reading(fields={"prompt": "completion", "completion": "prompt"}, defaults=defaults)
    assert [turn.content for turn in records_of([path], reading=renamed)[0].messages] == ["b", "a"]


def test_lines_and_own_ids_are_told(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text(
        json.dumps({"id": 7, "messages": TURNS}) + "\n\n" + json.dumps({"id": "x", "text": "hi"}), encoding="utf-8"
    )
    found = list(iter_read_records(path))
    assert [(one.line, one.own_id, one.path) for one in found] == [(1, "7", str(path)), (3, "x", str(path))]


def test_long_records_make_small_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(read_records, "BATCH_CHARACTERS", 4_000)
    path = tmp_path / "data.jsonl"
    path.write_text((json.dumps({"text": "x" * 3_000}) + "\n") * 4, encoding="utf-8")
    assert [len(batch) for batch in iter_record_batches([path])] == [2, 2]


@pytest.mark.parametrize("chunk", [1, 3, 7, 1 << 20])
def test_lines_are_cut_right_whatever_the_chunks(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(read_lines, "CHUNK_BYTES", chunk)
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"one\n\n  \r\n" + b"x" * 50 + b"\ntwo\r\n" + b"y" * 40)
    with path.open("rb") as stream:
        found = [(line.number, line.text) for line in iter_lines(stream, max_bytes=20)]
    assert found == [(1, b"one"), (4, None), (5, b"two\r"), (6, None)]


def test_a_pattern_without_a_match_and_a_damaged_file_are_named(tmp_path):
    with pytest.raises(NotFoundError, match="no file matches"):
        list(iter_record_batches([tmp_path / "*.jsonl"]))
    (tmp_path / "x.jsonl.gz").write_bytes(b"\x1f\x8bjunk")
    with pytest.raises(InputError, match="cannot be unpacked"):
        list(iter_record_batches([tmp_path / "x.jsonl.gz"]))


@pytest.mark.shared_data
def test_the_files_of_hh_rlhf_are_read_as_they_lie(shared_data):
    """2,312 rows, of which 5 branch before the last answer: counted apart from the product."""
    found = list(iter_record_batches([shared_data / "hh_rlhf_harmless_test" / "harmless-base_test.jsonl.gz"]))
    bad = [one for one in found if isinstance(one, BadRow)]
    assert (sum(len(one) for one in found if not isinstance(one, BadRow)), len(bad)) == (2_307, 5)
    assert all("one answer of the assistant" in one.reason for one in bad)
