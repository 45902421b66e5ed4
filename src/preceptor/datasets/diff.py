"""What changed from one dataset version to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.record_texts import prompt_hash
from preceptor.datasets.types import DatasetDiff, DatasetVersion, SplitName


class _Place(NamedTuple):
    split: SplitName | None
    prompt: tuple[str, str]


def diff(before: DatasetVersion, after: DatasetVersion) -> DatasetDiff:
    """Records added, removed, moved between splits, and changed: all sorted by id.

    A record is what is learnt from it, so other provenance for the same content is no change.
    Where one prompt lost and gained answers of one kind, these are paired in order of id; what
    has no pair is added or removed.
    """
    old, new = _places(before), _places(after)
    both = old.keys() & new.keys()
    removed, added = sorted(old.keys() - both), sorted(new.keys() - both)
    changed = _pairs(removed, added, {**old, **new})
    changed_ids = {number for pair in changed for number in pair}
    moved = tuple(sorted(number for number in both if old[number].split != new[number].split))
    return DatasetDiff(
        before=before.id,
        after=after.id,
        added=tuple(number for number in added if number not in changed_ids),
        removed=tuple(number for number in removed if number not in changed_ids),
        moved=moved,
        num_unchanged=len(both) - len(moved),
        changed=changed,
    )


def _places(version: DatasetVersion) -> dict[str, _Place]:
    records = read_version_records(Path(version.folder))
    return {record.id: _Place(record.split, (record.kind, prompt_hash(record))) for record in records}


def _pairs(removed: Sequence[str], added: Sequence[str], places: dict[str, _Place]) -> tuple[tuple[str, str], ...]:
    gained = _by_prompt(added, places)
    lost = _by_prompt(removed, places)
    pairs = [pair for prompt, ids in lost.items() for pair in zip(ids, gained.get(prompt, ()), strict=False)]
    return tuple(sorted(pairs))


def _by_prompt(ids: Iterable[str], places: dict[str, _Place]) -> dict[tuple[str, str], list[str]]:
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number in ids:
        grouped[places[number].prompt].append(number)
    return grouped
