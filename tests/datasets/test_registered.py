"""What the registry knows of a version comes together from its rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from preceptor.datasets.approvals import first_word
from preceptor.datasets.card import render_card
from preceptor.datasets.changelog import changelog_entry
from preceptor.datasets.commit import commit
from preceptor.datasets.diff import diff
from preceptor.datasets.registered import registered
from preceptor.datasets.semantic_version import propose
from preceptor.datasets.store import DatasetVersionStore, StageStore, VersionNumberStore
from preceptor.datasets.types import DatasetDraft


def test_stage_number_and_the_changelog_up_to_it(database, records, tmp_path, clock):
    first = commit(DatasetDraft(name="d", records=records[:3]), tmp_path, clock)
    second = commit(DatasetDraft(name="d", records=records), tmp_path, clock)
    before = (Path(first.folder) / "README.md").read_bytes()
    change = diff(first, second)
    entries = [changelog_entry(first, propose(None, None), None, "ada", clock())]
    entries.append(changelog_entry(second, propose("1.0.0", change), change, "ada", clock()))
    with database.write() as connection:
        stages, numbers = StageStore(connection), VersionNumberStore(connection)
        for version, entry in zip((first, second), entries, strict=True):
            DatasetVersionStore(connection).add(version)
            stages.add(first_word(version.id, "ada", clock()))
            numbers.add(entry)
        one = registered(first, stages, numbers, {records[0].id})
        two = registered(second, stages, numbers)
    assert (one.number, one.standing.stage, len(one.changelog), one.num_withdrawn) == ("1.0.0", "draft", 1, 1)
    assert [entry.number for entry in two.changelog] == ["2.0.0", "1.0.0"]
    assert "Number 2.0.0, stage draft." in render_card(second.manifest, two)
    assert (Path(first.folder) / "README.md").read_bytes() == before


def test_a_version_that_nobody_registered_is_a_draft_without_a_number(database, records, tmp_path, clock):
    version = commit(DatasetDraft(name="d", records=records), tmp_path, clock)
    with database.read() as connection:
        known = registered(version, StageStore(connection), VersionNumberStore(connection))
    assert (known.standing.stage, known.number, known.words) == ("draft", None, ())
    assert "Not numbered, stage draft." in render_card(replace(version.manifest), known)
