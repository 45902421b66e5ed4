"""Exports are read back by their readers, and are written whole or not at all."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.export import export
from preceptor.datasets.exporter import exporters
from preceptor.datasets.read_records import read_records
from preceptor.datasets.record import make_record
from preceptor.models.types import Message


@pytest.mark.parametrize(("name", "kind"), [("trl-sft", "sft"), ("trl-preference", "preference"), ("openai-ft", "sft")])
def test_an_export_reads_back_as_the_same_content(records, tmp_path, name, kind):
    path = tmp_path / "out.jsonl"
    wanted = [record.id for record in records if record.kind == kind]
    counts = export(records, exporters.create(name), path)
    assert [record.id for record in read_records(path)] == wanted
    assert counts == (len(wanted), len(records) - len(wanted))


def test_trl_preference_rows_hold_three_lists_of_messages(preference, tmp_path):
    path = tmp_path / "out.jsonl"
    export([preference("Hi", "Hello", "What")], exporters.create("trl-preference"), path)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "prompt": [{"role": "user", "content": "Hi"}],
        "chosen": [{"role": "assistant", "content": "Hello"}],
        "rejected": [{"role": "assistant", "content": "What"}],
    }


def test_nothing_to_write_leaves_the_old_file(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match="no place for any of the 1 records"):
        export([sft("a", "b")], exporters.create("trl-preference"), path)
    assert path.read_text(encoding="utf-8") == "old"


def test_openai_refuses_a_conversation_without_a_last_answer(sft, tmp_path):
    path = tmp_path / "out.jsonl"
    unanswered = make_record("sft", (Message(role="user", content="Hi"),))
    with pytest.raises(InputError, match=f"{unanswered.id!r} ends with a turn of the user"):
        export([sft("a", "b"), unanswered], exporters.create("openai-ft"), path)
    assert list(tmp_path.iterdir()) == []
