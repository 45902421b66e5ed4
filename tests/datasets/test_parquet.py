"""Records of every kind stand in Parquet under the columns that trainers look for, and come back whole."""

from __future__ import annotations

import io
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.datasets import parquet
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.parquet import iter_parquet, iter_parquet_batches, parquet_bytes, uses_tools, write_parquet
from preceptor.datasets.record import with_own_id
from preceptor.datasets.types import Media, RankedAnswer, Record, SpanLabel, Step
from preceptor.models.types import Message

PROMPT = (Message(role="user", content="2 + 2?"),)
TURN = {"role": "user", "content": "2 + 2?"}
COLUMNS = {
    "preference": ({"chosen": "4", "rejected": "5", "margin": 0.5}, {"prompt", "chosen", "rejected", "margin"}),
    "ranking": (
        {"ranked": (RankedAnswer(text="4", rank=1), RankedAnswer(text="5", rank=2))},
        {"prompt", "responses", "ranks"},
    ),
    "binary": ({"completion": "4", "is_good": True}, {"prompt", "completion", "label"}),
    "scored": ({"completion": "4", "score": 0.25}, {"prompt", "completion", "score"}),
    "steps": ({"steps": (Step(text="4", is_good=True), Step(text="5"))}, {"prompt", "completions", "labels"}),
    "spans": ({"spans": (SpanLabel(message=0, start=0, end=1, label="n"),)}, {"messages", "spans"}),
}


def make(kind, **fields) -> Record:
    return with_own_id(Record(id="", kind=kind, messages=PROMPT, **fields))


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_field_of_every_kind_comes_back(any_record, tmp_path_factory, data):
    record = data.draw(any_record)
    path = tmp_path_factory.mktemp("parquet") / "records.parquet"
    with path.open("wb") as stream:
        write_parquet(stream, iter_batches([record]), record.kind, has_tools=uses_tools(record))
    assert list(iter_parquet(path, record.kind, "train")) == [replace(record, split="train")]


@pytest.mark.parametrize("kind", COLUMNS)
def test_the_columns_are_those_that_trainers_know(kind):
    """TRL's dataset formats: prompt, chosen, rejected; prompt, completion, label; prompt, completions, labels."""
    fields, expected = COLUMNS[kind]
    table = pq.read_table(pa.BufferReader(parquet_bytes([make(kind, **fields)], kind, has_tools=False)))
    assert expected <= set(table.column_names)
    assert table.column("prompt" if "prompt" in expected else "messages").to_pylist() == [[TURN]]


def test_answers_are_lists_of_one_turn():
    table = pq.read_table(
        pa.BufferReader(parquet_bytes([make("preference", chosen="4", rejected="5")], "preference", has_tools=False))
    )
    assert table.column("chosen").to_pylist() == [[{"role": "assistant", "content": "4"}]]
    assert "margin" not in table.column_names


def test_the_bytes_do_not_depend_on_the_batches(monkeypatch):
    """Groups of rows end after a number of rows, whatever batches they came in."""
    monkeypatch.setattr(parquet, "ROWS_IN_GROUP", 10)
    records = [make("scored", completion=f"answer {number}", score=float(number)) for number in range(25)]
    written = []
    for size in (1, 7, 25):
        stream = io.BytesIO()
        assert write_parquet(stream, iter_batches(records, size), "scored", has_tools=False) == 25
        written.append(stream.getvalue())
    assert len(set(written)) == 1
    assert pq.ParquetFile(io.BytesIO(written[0])).num_row_groups == 3


def test_long_records_make_small_groups(monkeypatch):
    monkeypatch.setattr(parquet, "BYTES_IN_GROUP", 5_000)
    records = [make("scored", completion="x" * 3_000, score=float(number)) for number in range(6)]
    file = pq.ParquetFile(io.BytesIO(parquet_bytes(records, "scored", has_tools=False)))
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [2, 2, 2]


def test_batches_have_ordinals_from_the_first(tmp_path):
    path = tmp_path / "records.parquet"
    path.write_bytes(parquet_bytes([make("scored", completion="4", score=1.0)] * 3, "scored", has_tools=False))
    (batch,) = iter_parquet_batches(path, "scored", "test", first=7)
    assert batch.ordinals == [7, 8, 9]
    assert batch.records[0].split == "test"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (make("binary", completion="4", is_good=True), "it stands in no file of 'sft' records"),
        (make("sft", score=1.0), r"has \['score'\], which files of 'sft' records have no column for"),
        (make("sft", tools=({"name": "f"},)), "uses tools"),
    ],
)
def test_a_record_without_a_place_is_refused(record, said):
    with pytest.raises(InputError, match=said):
        parquet_bytes([record], "sft", has_tools=False)


def test_a_margin_is_never_lost():
    with pytest.raises(InputError, match="'margin'"):
        write_parquet(
            io.BytesIO(),
            iter_batches([make("preference", chosen="a", rejected="b", margin=1.0)]),
            "preference",
            has_margin=False,
        )


def test_a_file_of_before_media_and_consent_is_read(tmp_path):
    record = make("sft", media=(), licence="MIT")
    table = pq.read_table(pa.BufferReader(parquet_bytes([record], "sft", has_tools=False)))
    path = tmp_path / "old.parquet"
    pq.write_table(table.drop_columns(["media", "consent", "created_at", "generator_prompt"]), path, store_schema=False)
    assert list(iter_parquet(path, "sft", "train")) == [replace(record, split="train")]


@pytest.mark.parametrize("table", [{"x": [1]}, {"messages": ["hi"], "id": ["1"]}])
def test_another_file_is_refused(tmp_path, table):
    pq.write_table(pa.table(table), tmp_path / "x.parquet")
    with pytest.raises(InputError, match="is not a file of sft records"):
        list(iter_parquet(tmp_path / "x.parquet", "sft", "train"))
    (tmp_path / "y.parquet").write_bytes(b"PAR1junk")
    with pytest.raises(InputError, match="restore the version"):
        list(iter_parquet(tmp_path / "y.parquet", "sft", "train"))


def test_media_stand_in_their_own_column():
    image = Media(message=0, at=3, kind="image", sha256="a" * 64, media_type="image/png")
    table = pq.read_table(pa.BufferReader(parquet_bytes([make("sft", media=(image,))], "sft", has_tools=False)))
    assert table.column("media").to_pylist() == [
        [{"message": 0, "at": 3, "kind": "image", "sha256": "a" * 64, "media_type": "image/png"}]
    ]
