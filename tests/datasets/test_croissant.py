"""The Croissant file describes the version so that MLCommons' own library reads the records through it."""

from __future__ import annotations

import json
import logging
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from preceptor.datasets.commit import commit
from preceptor.datasets.croissant import CROISSANT_FILE, croissant_text, validate_croissant
from preceptor.datasets.diff_parts import schemas_of
from preceptor.datasets.manifest import read_manifest
from preceptor.datasets.record import with_own_id
from preceptor.datasets.registry_types import Registered, StageWord, Standing
from preceptor.datasets.types import (
    CheckResult,
    DatasetDraft,
    DatasetNotes,
    DatasetSource,
    Governance,
    Media,
    RankedAnswer,
    Record,
    SpanLabel,
    Step,
)
from preceptor.models.types import Message

# The libraries that mlcroissant reads with warn of what they will take away from it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def folder(records, tmp_path, clock) -> Path:
    notes = DatasetNotes(title="Support", collection="From our desk.", limitations=("small",))
    return Path(commit(DatasetDraft(name="support", records=records, notes=notes), tmp_path, clock).folder)


@pytest.fixture
def written(folder) -> dict:
    return json.loads((folder / CROISSANT_FILE).read_text(encoding="utf-8"))


@pytest.fixture
def no_network(monkeypatch):
    """Any connection fails the test."""

    def refuse(*_arguments, **_options):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    logging.getLogger("absl").setLevel(logging.ERROR)


@pytest.mark.usefixtures("no_network")
def test_the_library_reads_every_record_through_it(folder, records):
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(folder / CROISSANT_FILE)
    assert dataset.metadata.ctx.conforms_to.value == "http://mlcommons.org/croissant/1.1"
    rows = {row["sft/id"].decode(): row for row in dataset.records("sft")}
    pairs = {row["preference/id"].decode(): row for row in dataset.records("preference")}
    assert rows.keys() | pairs.keys() == {record.id for record in records}
    for record in records:
        if record.kind == "sft":
            row = rows[record.id]
            assert row["sft/split"].decode() == record.split
            assert row["sft/licence"].decode() == record.licence
            assert [name.decode() for name in row["sft/annotators"]] == list(record.annotators)
            assert [
                (turn["sft/messages/role"].decode(), turn["sft/messages/content"].decode())
                for turn in row["sft/messages"]
            ] == [(message.role, message.content) for message in record.messages]
        else:
            chosen = pairs[record.id]["preference/chosen"]
            assert [turn["preference/chosen/content"].decode() for turn in chosen] == [record.chosen]


@pytest.mark.usefixtures("no_network")
def test_the_library_finds_nothing_wrong_and_says_what_is(folder, written):
    pytest.importorskip("mlcroissant")
    assert validate_croissant(folder) == ()
    del written["distribution"][0]["sha256"]
    (folder / CROISSANT_FILE).write_text(json.dumps(written), encoding="utf-8")
    assert any("sha256" in problem for problem in validate_croissant(folder))


def test_each_file_stands_with_its_hash_and_each_kind_with_its_columns(written, folder):
    files = read_manifest(folder).files
    data = {name: digest for name, digest in files.items() if name.startswith("data/")}
    assert {one["contentUrl"]: one["sha256"] for one in written["distribution"] if "contentUrl" in one} == data
    assert [one["@id"] for one in written["recordSet"]] == ["splits", "preference", "sft"]
    sft = {one["@id"]: one for one in written["recordSet"][2]["field"]}
    assert sft["sft/id"]["source"] == {"fileSet": {"@id": "sft-files"}, "extract": {"column": "id"}}
    assert sft["sft/messages"]["isArray"]
    (role,) = [part for part in sft["sft/messages"]["subField"] if part["@id"] == "sft/messages/role"]
    assert role["source"]["transform"] == {"jsonPath": "role"}


def test_the_version_folder_holds_no_moment_but_the_published_file_does(folder, written, clock):
    """A version's bytes must not depend on when it was made."""
    assert "datePublished" not in written
    assert written["url"] == f"urn:preceptor:{folder.name}"
    word = StageWord(id="s", version_id=folder.name, stage="draft", role="maker", by="ada", at=clock())
    known = Registered(
        standing=Standing(stage="draft"), number="1.2.0", words=(word,), url="https://example.org/d", creator="Us"
    )
    published = json.loads(croissant_text(read_manifest(folder), schemas_of(folder), known))
    assert (published["version"], published["datePublished"]) == ("1.2.0", "2026-11-24")
    assert (published["url"], published["creator"]["name"]) == ("https://example.org/d", "Us")


def test_responsible_ai_and_provenance_fields_say_what_the_manifest_knows(folder):
    check = CheckResult(
        check="personal_data", version=2, settings={}, num_checked=6, findings=(), num_findings=1, num_fixed=1
    )
    manifest = replace(
        read_manifest(folder),
        checks=(check,),
        parents=("dataset_before",),
        sources=(DatasetSource(name="tickets.jsonl", sha256="a" * 64),),
        recipe_hash="b" * 64,
        governance=Governance(intended_use="a support assistant"),
    )
    said = json.loads(croissant_text(manifest, schemas_of(folder)))
    assert said["rai:dataCollection"] == "From our desk."
    assert said["rai:dataLimitations"] == ["small"]
    assert said["rai:dataUseCases"] == ["a support assistant"]
    assert said["rai:machineAnnotationTools"] == ["smollm2-135m"]
    assert said["rai:personalSensitiveInformation"][0].startswith("personal_data looked at 6 records, objected to 1")
    assert [one["@id"] for one in said["prov:wasDerivedFrom"]] == [
        "urn:preceptor:dataset_before",
        f"urn:sha256:{'a' * 64}",
    ]
    assert said["prov:wasGeneratedBy"]["prov:used"]["@id"] == f"urn:sha256:{'b' * 64}"
    assert said["prov:wasAttributedTo"] == [{"@type": "prov:SoftwareAgent", "prov:label": "smollm2-135m"}]
    assert said["license"] == ["https://spdx.org/licenses/CC-BY-4.0", "https://spdx.org/licenses/MIT"]


def test_what_nobody_stated_is_not_made_up(sft, tmp_path, clock):
    version = commit(DatasetDraft(name="d", records=(sft("a", "b"),)), tmp_path, clock)
    said = json.loads((Path(version.folder) / CROISSANT_FILE).read_text(encoding="utf-8"))
    assert said["license"] == ["not stated"]
    assert said["creator"]["name"] == "not stated"
    assert "No check for personal data was run." in said["rai:personalSensitiveInformation"]
    assert not {"rai:dataCollection", "inLanguage", "prov:wasDerivedFrom", "prov:wasAttributedTo"} & said.keys()


@pytest.mark.usefixtures("no_network")
def test_the_library_reads_every_kind_of_record(tmp_path, clock):
    mlcroissant = pytest.importorskip("mlcroissant")
    prompt = (Message(role="user", content="Which?"),)
    judged = (
        {"kind": "ranking", "ranked": (RankedAnswer(text="a", rank=1), RankedAnswer(text="b", rank=2))},
        {"kind": "binary", "completion": "a", "is_good": True},
        {"kind": "scored", "completion": "a", "score": 0.5},
        {"kind": "steps", "steps": (Step(text="s", is_good=True), Step(text="t", is_good=False))},
        {"kind": "spans", "spans": (SpanLabel(message=0, start=0, end=5, label="x"),)},
        {"kind": "preference", "chosen": "a", "rejected": "b", "margin": 0.5},
        {"kind": "sft", "media": (Media(message=0, at=0, kind="image", sha256="0" * 64),)},
    )
    records = tuple(with_own_id(Record(id="", messages=prompt, **one)) for one in judged)
    version = commit(DatasetDraft(name="d", records=records), tmp_path, clock)
    assert validate_croissant(Path(version.folder)) == ()
    dataset = mlcroissant.Dataset(Path(version.folder) / CROISSANT_FILE)
    found = {one["kind"]: list(dataset.records(one["kind"])) for one in judged}
    assert {kind: [row[f"{kind}/id"].decode() for row in rows] for kind, rows in found.items()} == {
        record.kind: [record.id] for record in records
    }
    assert found["scored"][0]["scored/score"] == 0.5
    assert found["spans"][0]["spans/spans"][0]["spans/spans/label"] == b"x"
