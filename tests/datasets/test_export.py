"""Exports are read back by their readers, and are written whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.export import export
from preceptor.datasets.exporter import exporters
from preceptor.datasets.read_records import read_records
from preceptor.datasets.record import make_record, with_own_id
from preceptor.datasets.types import Media, Record
from preceptor.models.types import Message


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("name", "kind"), [("trl-sft", "sft"), ("trl-preference", "preference"), ("axolotl-sft", "sft")]
)
def test_an_export_reads_back_as_the_same_content(records, tmp_path, name, kind):
    path = tmp_path / "out.jsonl"
    # The reader refuses a NUL, and arguments of calls are objects for a template, not the text that was read.
    usable = [
        record
        for record in records
        if not any("\x00" in turn.content for turn in record.messages) and record.messages[0].role != "system"
    ]
    wanted = [record.id for record in usable if record.kind == kind]
    counts = export(usable, exporters.create(name), path)
    assert [record.id for record in read_records(path)] == wanted
    assert (counts.num_written, counts.num_left_out) == (len(wanted), len(usable) - len(wanted))


def test_calls_are_read_back_where_their_arguments_are_left_as_text(records, tmp_path):
    path = tmp_path / "out.jsonl"
    with_tools = records[3]
    export([with_tools], exporters.create("trl-sft", {"arguments": "text"}), path)
    assert [record.id for record in read_records(path)] == [with_tools.id]


def test_an_export_to_openai_reads_back_as_the_same_content(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    wanted = [sft(f"Question {number}?", f"Answer {number}.") for number in range(12)]
    export(wanted, exporters.create("openai-ft"), path)
    assert [record.id for record in read_records(path)] == [record.id for record in wanted]


def test_the_synthetic_mark_and_the_licence_come_back_with_a_row(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    synthetic = sft("a", "b", generator="smollm2", licence="MIT", source="made")
    export([synthetic, sft("c", "d")], exporters.create("trl-sft"), path)
    first, second = read_records(path)
    assert (first.generator, first.licence, first.source) == ("smollm2", "MIT", "made")
    assert second.generator is None


def test_trl_preference_rows_hold_three_lists_of_messages(preference, tmp_path):
    path = tmp_path / "out.jsonl"
    record = preference("Hi", "Hello", "What")
    export([record], exporters.create("trl-preference"), path)
    assert rows_of(path) == [
        {
            "prompt": [{"role": "user", "content": "Hi"}],
            "chosen": [{"role": "assistant", "content": "Hello"}],
            "rejected": [{"role": "assistant", "content": "What"}],
            "id": record.id,
            "source": "",
            "licence": "",
            "generator": "",
        }
    ]


def test_nothing_to_write_leaves_the_old_file(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match="no place for any of the 1 records"):
        export([sft("a", "b")], exporters.create("trl-preference"), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_openai_refuses_a_conversation_without_a_last_answer(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    unanswered = make_record("sft", (Message(role="user", content="Hi"),))
    with pytest.raises(InputError, match=f"{unanswered.id!r} ends with a turn of the user"):
        export([sft("a", "b"), unanswered], exporters.create("openai-ft"), path)
    assert list(tmp_path.iterdir()) == []


def test_refused_records_can_be_left_out_by_name(sft, tmp_path):
    """All records are accounted for: written, of another kind, refused with the reason."""
    unanswered = make_record("sft", (Message(role="user", content="Hi"),))
    good = [sft(f"q{number}", "a") for number in range(3)]
    pair = make_record("preference", (Message(role="user", content="Hi"),), "a", "b")
    exported = export(
        [good[0], unanswered, pair, *good[1:]], exporters.create("fireworks"), tmp_path / "o.jsonl", skip_refused=True
    )
    assert (exported.num_written, exported.num_left_out, exported.num_rows) == (3, 1, 3)
    assert [(one.record_id, "ends with a turn of the user" in one.reason) for one in exported.refused] == [
        (unanswered.id, True)
    ]


def test_a_service_that_asks_for_ten_examples_gets_no_nine(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    with pytest.raises(InputError, match="it has 9 examples, at least 10 are asked for"):
        export([sft(f"q{number}", "a") for number in range(9)], exporters.create("openai-ft"), path)
    assert list(tmp_path.iterdir()) == []


def test_the_provenance_lies_beside_the_export_row_by_row(sft, preference, tmp_path):
    path = tmp_path / "out.jsonl"
    one = sft("a", "b", generator="m", generator_prompt="0" * 64, licence="MIT", consent="contract", source_ids=("t1",))
    two = preference("a", "b", "c", annotators=("ada",))
    exported = export([one, two], exporters.create("trl-kto", {"split_pairs": True}), path)
    assert exported.num_rows == 2
    assert [row["id"] for row in rows_of(exported.files[1])] == [two.id, two.id]
    export([one], exporters.create("vertex"), path)
    (origin,) = rows_of(exported.files[1])
    assert (origin["synthetic"], origin["generator"], origin["generator_prompt"]) == (True, "m", "0" * 64)
    assert (origin["licence"], origin["consent"], origin["source_ids"]) == ("MIT", "contract", ["t1"])
    assert "generator" not in rows_of(path)[0]


def test_the_first_record_with_tools_comes_first_for_readers_that_infer_columns(records, tmp_path):
    """`datasets` works out the columns from the first ten megabytes; rows keep their order otherwise."""
    exported = export(records, exporters.create("trl-sft"), tmp_path / "out.jsonl")
    ids = [record.id for record in records if record.kind == "sft"]
    assert [row["id"] for row in rows_of(exported.files[0])] == [ids[3], *ids[:3]]
    assert [row["id"] for row in rows_of(exported.files[1])] == [ids[3], *ids[:3]]


def test_a_line_separator_in_a_text_does_not_cut_a_row(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    record = sft("a\u2028b\u2029c\x85d\x0ce", "f")
    export([record], exporters.create("trl-sft"), path)
    assert len(path.read_text("utf-8").splitlines()) == 1
    assert [one.id for one in read_records(path)] == [record.id]


def test_media_are_refused_with_what_to_do(sft, tmp_path):
    seen = with_own_id(replace(sft("a", "b"), media=(Media(message=0, at=0, kind="image", sha256="0" * 64),)))
    with pytest.raises(InputError, match="holds media, and rows hold text; publish it with `webdataset`"):
        export([seen], exporters.create("trl-sft"), tmp_path / "out.jsonl")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Record(id="r", kind="sft", messages=(Message(role="assistant", content="\ud800"),)), "half a character"),
        (Record(id="r", kind="sft", messages=(Message(role="assistant", content="x" * 16_000_001),)), "is longer than"),
        (
            Record(
                id="r", kind="sft", messages=(Message(role="assistant", content="x"),), metadata={}, source="\udfff"
            ),
            "half a character",
        ),
    ],
)
def test_what_no_reader_can_take_is_refused(record, reason, tmp_path):
    with pytest.raises(InputError, match=reason):
        export([record], exporters.create("trl-sft"), tmp_path / "out.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_margin_that_is_no_number_is_refused(preference, tmp_path):
    record = preference("a", "b", "c", margin=float("nan"))
    with pytest.raises(InputError, match="holds a number that JSON cannot"):
        export([record], exporters.create("trl-reward", {"margin": True}), tmp_path / "out.jsonl")


def test_entries_of_other_files_in_dataset_info_stay(sft, preference, tmp_path):
    export([sft("a", "b")], exporters.create("llama-factory-sft"), tmp_path / "one.jsonl")
    export([preference("a", "b", "c")], exporters.create("llama-factory-preference"), tmp_path / "two.jsonl")
    info = json.loads((tmp_path / "dataset_info.json").read_text("utf-8"))
    assert set(info) == {"one", "two"}
    assert info["two"]["ranking"] is True


def test_a_broken_dataset_info_is_not_written_over(sft, tmp_path):
    (tmp_path / "dataset_info.json").write_text("{oops", encoding="utf-8")
    with pytest.raises(InputError, match="not JSON"):
        export([sft("a", "b")], exporters.create("llama-factory-sft"), tmp_path / "one.jsonl")
    assert not (tmp_path / "one.jsonl").exists()
    assert (tmp_path / "dataset_info.json").read_text("utf-8") == "{oops"


def test_a_file_name_cannot_break_out_of_the_description(sft, tmp_path):
    exported = export([sft("a", "b")], exporters.create("axolotl-sft"), tmp_path / "a: [b]\n# c.jsonl")
    text = exported.files[2].read_text("utf-8")
    assert text.count("\n- ") == 1
    import yaml

    assert yaml.safe_load(text)["datasets"][0]["path"] == "a: [b]\n# c.jsonl"
