"""A version is linked to what it was made from."""

from __future__ import annotations

from datetime import UTC, datetime

from preceptor.datasets.lineage_links import lineage_links
from preceptor.datasets.types import DatasetSource, DatasetVersion, Manifest


def test_parents_files_versions_and_labels_are_linked_once_each():
    sources = (
        DatasetSource(name="a.jsonl", sha256="ab" * 32, num_rows=3),
        DatasetSource(name="again/a.jsonl", sha256="ab" * 32, num_rows=3),
        DatasetSource(name="older", kind="version", version="dataset_0"),
        DatasetSource(name="labels", kind="labels"),
    )
    manifest = Manifest(
        name="d", num_records=1, splits={}, kinds={}, files={}, checks=(), parents=("dataset_0",), sources=sources
    )
    version = DatasetVersion(
        id="dataset_1", name="d", manifest=manifest, folder="/d", created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    links = lineage_links(version, ["label_2", "label_1"])
    assert [link.source for link in links] == ["dataset_0", f"file_{'ab' * 12}", "label_1", "label_2"]
    assert {(link.made, link.relation) for link in links} == {("dataset_1", "built_from")}
    assert links[1].details["sha256"] == "ab" * 32
