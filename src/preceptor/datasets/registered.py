"""What the registry knows of one version."""

from __future__ import annotations

from collections.abc import Collection

from preceptor.datasets.approvals import standing
from preceptor.datasets.registry_types import Registered
from preceptor.datasets.semantic_version import parse_number
from preceptor.datasets.store import StageStore, VersionNumberStore
from preceptor.datasets.types import DatasetVersion
from preceptor.datasets.withdraw import holding


def registered(
    version: DatasetVersion, stages: StageStore, numbers: VersionNumberStore, withdrawn_ids: Collection[str] = ()
) -> Registered:
    """The stage, the words, the number and the changelog up to it, for the card that is published.

    `withdrawn_ids` are looked for among the version's records.
    """
    words = stages.list_for(version.id)
    mine = numbers.find(version.id)
    earlier = numbers.list_for(version.name) if mine else []
    held = holding(withdrawn_ids, [version]).held.get(version.id, ())
    return Registered(
        standing=standing(words, version.manifest.governance),
        number=mine.number if mine else None,
        words=tuple(words),
        changelog=tuple(one for one in earlier if mine and parse_number(one.number) <= parse_number(mine.number)),
        num_withdrawn=len(held),
    )
