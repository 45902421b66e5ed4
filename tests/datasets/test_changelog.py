"""The changelog says what changed, version by version, and nothing in it becomes markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from preceptor.datasets.changelog import changelog_entry, changelog_markdown
from preceptor.datasets.distribution_shift import shift
from preceptor.datasets.semantic_version import propose
from preceptor.datasets.types import DatasetDiff, DatasetVersion, LabelFlip, Manifest

MOMENT = datetime(2026, 11, 24, tzinfo=UTC)
MANIFEST = Manifest(name="d", num_records=3, splits={"train": 3}, kinds={"sft": 2, "binary": 1}, files={}, checks=())
VERSION = DatasetVersion(id="dataset_2", name="d", manifest=MANIFEST, folder="/d", created_at=MOMENT)
FLIP = LabelFlip(before_id="r", after_id="s", field="is_good", before=True, after=False)
DIFF = DatasetDiff(
    before="dataset_1", after="dataset_2", added=(), removed=(), moved=(), num_unchanged=1, num_added=2, num_removed=3,
    flips=(FLIP,), num_flips=1, withdrawn=("record_9",), provenance={"licence": 4},
    shifts=(shift("intent", {"a": 10}, {"a": 5, "b": 5}), shift("licence", {"x": 9}, {"x": 9})),
)  # fmt: skip


def test_an_entry_says_what_was_added_changed_corrected_and_withdrawn():
    entry = changelog_entry(VERSION, propose("1.0.0", DIFF), DIFF, by="ada", at=MOMENT)
    assert (entry.number, entry.bump, entry.previous) == ("2.0.0", "major", "dataset_1")
    assert entry.changes["Added"] == ("2 records",)
    assert entry.changes["Fixed"] == ("1 label corrected (is_good)",)
    assert entry.changes["Removed"] == ("2 records",)
    assert entry.changes["Security"] == ("1 record withdrawn and left out",)
    assert entry.changes["Changed"][0] == "4 records with another licence"
    assert entry.changes["Changed"][1].startswith("the distribution of intent shifted: 0.311 bits")
    assert len(entry.changes["Changed"]) == 2


def test_the_first_entry_counts_the_records():
    entry = changelog_entry(VERSION, propose(None, None), None, by="ada", at=MOMENT)
    assert entry.changes == {"Added": ("3 records: 1 binary, 2 sft",)}


def test_the_text_has_the_highest_number_first():
    first = changelog_entry(replace(VERSION, id="dataset_1"), propose(None, None), None, by="ada", at=MOMENT)
    later = replace(first, version_id="dataset_2", number="1.10.0")
    between = replace(first, version_id="dataset_3", number="1.9.0")
    lines = changelog_markdown([between, first, later]).splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## [1.10.0] - 2026-11-24",
        "## [1.9.0] - 2026-11-24",
        "## [1.0.0] - 2026-11-24",
    ]
    assert lines[4:7] == ["### Added", "", "- 3 records: 1 binary, 2 sft"]
    assert changelog_markdown([]) == ""


def test_hostile_values_stay_text():
    evil = "the kind '](http://evil)\n# heading <b>' is gone"
    diff = replace(DIFF, breaking=(evil,))
    text = changelog_markdown([changelog_entry(VERSION, propose("1.0.0", diff), diff, by="ada", at=MOMENT)])
    assert "\n# heading" not in text
    assert r"\](http://evil)" in text
    assert r"\<b\>" in text
