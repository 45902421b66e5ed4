"""What a dataset version was made from, as links of provenance."""

from __future__ import annotations

from collections.abc import Iterable

from preceptor.core.ids import ID_DIGITS
from preceptor.core.json_values import JsonObject
from preceptor.datasets.types import DatasetVersion
from preceptor.governance.types import Link

BUILT_FROM = "built_from"


def lineage_links(version: DatasetVersion, label_ids: Iterable[str] = ()) -> list[Link]:
    """A link to each parent version, source file, source version and label; sorted by source, each once."""
    links = {parent: Link(made=version.id, relation=BUILT_FROM, source=parent) for parent in version.manifest.parents}
    for source in version.manifest.sources:
        number = file_id(source.sha256) if source.sha256 else source.version
        if number:
            details: JsonObject = {"name": source.name, "sha256": source.sha256, "rows": source.num_rows}
            links[number] = Link(made=version.id, relation=BUILT_FROM, source=number, details=details)
    for label in label_ids:
        links[label] = Link(made=version.id, relation=BUILT_FROM, source=label)
    return [links[number] for number in sorted(links)]


def file_id(sha256: str) -> str:
    """The id under which a file stands in the links.

    >>> file_id("0a" * 32)
    'file_0a0a0a0a0a0a0a0a0a0a0a0a'
    """
    return f"file_{sha256[:ID_DIGITS]}"
