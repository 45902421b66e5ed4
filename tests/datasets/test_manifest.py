"""A version's id follows from what it holds and says, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id
from preceptor.datasets.manifest import manifest_text, parse_manifest, read_manifest, version_id
from preceptor.datasets.types import CheckFinding, CheckResult, Composition, DatasetNotes, DatasetSource, Manifest

MANIFEST = Manifest(
    name="d",
    num_records=2,
    splits={"train": 2},
    kinds={"sft": 2},
    files={"data/sft/train-00000-of-00001.parquet": "0" * 64},
    checks=(CheckResult(check="schema", version=1, settings={}, num_checked=2, findings=()),),
    records_hash="1" * 64,
)


def test_an_id_of_the_first_release_stays():
    """Written out as the first release did it: fields that came later say nothing here, so they do not count."""
    check = {"check": "schema", "version": 1, "settings": {}, "num_checked": 2, "blocks": True, "reason": ""}
    notes = {"title": "", "description": "", "collection": "", "agreement": {}, "limitations": []}
    content = {
        "name": "d",
        "num_records": 2,
        "splits": {"train": 2},
        "kinds": {"sft": 2},
        "checks": [{**check, "num_findings": 0}],
        "settings": {},
        "parents": [],
        "records_hash": "1" * 64,
        "notes": notes,
    }
    assert version_id(MANIFEST) == content_id("dataset", content)


@pytest.mark.parametrize(
    "other",
    [
        replace(MANIFEST, made_of=Composition(num_groups=1)),
        replace(MANIFEST, sources=(DatasetSource(name="a.jsonl", sha256="2" * 64),)),
        replace(MANIFEST, withdrawn=("record_1",)),
        replace(MANIFEST, notes=DatasetNotes(text={"Provenance": "ours"})),
        replace(MANIFEST, checks=(replace(MANIFEST.checks[0], figures={"share": 0.5}),)),
        replace(MANIFEST, checks=(replace(MANIFEST.checks[0], num_fixed=1),)),
    ],
)
def test_whatever_it_says_gives_another_id(other):
    assert version_id(other) != version_id(MANIFEST)


def test_the_bytes_of_the_files_do_not_count():
    assert version_id(replace(MANIFEST, files={})) == version_id(MANIFEST)


def test_findings_count_by_their_number_wherever_it_stands():
    """A version lists the first findings only; the number of all is what counts."""
    finding = CheckFinding(record_id="record_1", reason="r")
    listed = replace(MANIFEST.checks[0], findings=(finding,))
    counted = replace(MANIFEST.checks[0], findings=(), num_findings=1)
    ids = [version_id(replace(MANIFEST, checks=(one,))) for one in (listed, counted)]
    assert ids[0] != version_id(MANIFEST)
    assert version_id(replace(MANIFEST, checks=(replace(counted, findings=(finding,)),))) == ids[1]


def test_a_manifest_comes_back_as_it_was(tmp_path):
    full = replace(
        MANIFEST,
        made_of=Composition(splits={"sft": {"train": 2}}, counts={"licence": {"MIT": 2}}),
        sources=(DatasetSource(name="a", num_bad=1),),
        notes=DatasetNotes(text={"Provenance": "a\n\nb"}),
        withdrawn=("record_1",),
    )
    (tmp_path / "manifest.json").write_text(manifest_text(full), encoding="utf-8")
    assert read_manifest(tmp_path) == full


def test_a_manifest_with_unknown_fields_is_refused():
    with pytest.raises(InputError, match="unknown key 'hidden'"):
        parse_manifest({"name": "d", "hidden": 1}, "manifest.json")
