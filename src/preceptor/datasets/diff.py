"""What changed from one dataset version to another, in memory that does not hold the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from preceptor.datasets.chosen_records import chosen_records
from preceptor.datasets.composition import composition
from preceptor.datasets.diff_index import PROVENANCE, VersionIndex, index_version
from preceptor.datasets.diff_pairs import Pairs, flips_of, keys_of, pair
from preceptor.datasets.diff_parts import breaking_changes, changed_parts, label_fields_of
from preceptor.datasets.distribution_shift import shifts
from preceptor.datasets.read_version import SPLIT_NAMES, read_version_records
from preceptor.datasets.types import Composition, DatasetDiff, DatasetVersion, LabelFlip

MAX_LISTED = 10_000
MAX_FLIPS_SHOWN = 1_000
TEST = SPLIT_NAMES.index("test")
Places = NDArray[np.intp]


class _Compared(NamedTuple):
    """Two indexes and where their records stand in them: in both, only in the old, only in the new."""

    old: VersionIndex
    new: VersionIndex
    both_old: Places
    both_new: Places
    lost: Places
    gained: Places


def diff(before: DatasetVersion, after: DatasetVersion) -> DatasetDiff:
    """Records added, removed, moved between splits, and changed: all sorted by id; labels, provenance and shifts.

    A record is what is learnt from it, so other provenance for the same content is no other record: it is
    counted by field. Where one prompt lost and gained answers of one kind, these are paired: the same
    text under another label is a flip; what else there is, in order of id, is changed; what has no
    pair is added or removed. Labels are what judges a text (which answer is chosen, `is_good`, a rank, a
    score, steps, spans) and the metadata that the recipe names as its label field.
    """
    fields = label_fields_of(before.manifest, after.manifest)
    compared = _compare(index_version(Path(before.folder), fields), index_version(Path(after.folder), fields))
    lost, gained = _ids(compared.old, compared.lost), _ids(compared.new, compared.gained)
    went = keys_of(chosen_records(Path(before.folder), set(lost)), fields)
    came = keys_of(chosen_records(Path(after.folder), set(gained)), fields)
    pairs = pair(went, came)
    relabelled = _relabelled(compared, fields)
    same = [(number, number) for number in _ids(compared.old, relabelled)]
    flips = sorted([*pairs.flipped, *pairs.relabelled, *same])
    found = _records(compared, pairs, before, after)
    return replace(
        found,
        flips=tuple(_shown_flips(before, after, flips[:MAX_FLIPS_SHOWN], fields)),
        num_flips=len(flips),
        num_in_test=found.num_in_test + int(np.sum(compared.old.splits[relabelled] == TEST)),
        withdrawn=tuple(sorted({*after.manifest.withdrawn} & {*lost})),
        breaking=breaking_changes(before, after),
        parts=changed_parts(before.manifest, after.manifest),
        shifts=shifts(_made_of(before, fields), _made_of(after, fields)),
    )


def _compare(old: VersionIndex, new: VersionIndex) -> _Compared:
    _, both_old, both_new = np.intersect1d(old.ids, new.ids, assume_unique=True, return_indices=True)
    lost = np.setdiff1d(np.arange(len(old.ids)), both_old, assume_unique=True)
    gained = np.setdiff1d(np.arange(len(new.ids)), both_new, assume_unique=True)
    return _Compared(old, new, both_old, both_new, lost, gained)


def _records(compared: _Compared, pairs: Pairs, before: DatasetVersion, after: DatasetVersion) -> DatasetDiff:
    paired = {number for some in (pairs.changed, pairs.flipped) for two in some for number in two}
    added = [number for number in _ids(compared.new, compared.gained) if number not in paired]
    removed = [number for number in _ids(compared.old, compared.lost) if number not in paired]
    is_moved = compared.old.splits[compared.both_old] != compared.new.splits[compared.both_new]
    moved = compared.both_old[is_moved]
    provenance, places = _provenance(compared)
    return DatasetDiff(
        before=before.id,
        after=after.id,
        added=tuple(added[:MAX_LISTED]),
        removed=tuple(removed[:MAX_LISTED]),
        moved=tuple(_ids(compared.old, moved[:MAX_LISTED])),
        changed=tuple(pairs.changed[:MAX_LISTED]),
        num_unchanged=len(compared.both_old) - len(moved),
        num_added=len(added),
        num_removed=len(removed),
        num_moved=len(moved),
        num_changed=len(pairs.changed),
        provenance=provenance,
        provenance_ids=tuple(_ids(compared.old, places[:MAX_LISTED])),
        num_in_test=_num_in_test(compared, pairs, is_moved),
    )


def _provenance(compared: _Compared) -> tuple[dict[str, int], Places]:
    """By field, how many records of equal content name something else; and where these records stand."""
    counts: dict[str, int] = {}
    is_other = np.zeros(len(compared.both_old), bool)
    for name in PROVENANCE:
        differs = compared.old.fields[name][compared.both_old] != compared.new.fields[name][compared.both_new]
        if differs.any():
            counts[name] = int(differs.sum())
            is_other |= differs
    return counts, compared.both_old[is_other]


def _relabelled(compared: _Compared, fields: Sequence[str]) -> Places:
    """The records of equal content that carry another label in their metadata."""
    is_other = np.zeros(len(compared.both_old), bool)
    for name in fields:
        old = compared.old.fields[f"metadata.{name}"][compared.both_old]
        new = compared.new.fields[f"metadata.{name}"][compared.both_new]
        is_other |= (old != new) & (old != 0) & (new != 0)
    return compared.both_old[is_other]


def _num_in_test(compared: _Compared, pairs: Pairs, is_moved: NDArray[np.bool_]) -> int:
    """How many differences touch the test split; a pair counts once."""
    lost = set(_ids(compared.old, compared.lost[compared.old.splits[compared.lost] == TEST]))
    gained = set(_ids(compared.new, compared.gained[compared.new.splits[compared.gained] == TEST]))
    twice = sum(old in lost and new in gained for some in (pairs.changed, pairs.flipped) for old, new in some)
    old, new = compared.old.splits[compared.both_old], compared.new.splits[compared.both_new]
    return len(lost) + len(gained) - twice + int(np.sum(is_moved & ((old == TEST) | (new == TEST))))


def _shown_flips(
    before: DatasetVersion, after: DatasetVersion, pairs: Sequence[tuple[str, str]], fields: Sequence[str]
) -> list[LabelFlip]:
    olds = {record.id: record for record in chosen_records(Path(before.folder), {old for old, _ in pairs})}
    news = {record.id: record for record in chosen_records(Path(after.folder), {new for _, new in pairs})}
    return [flip for old, new in pairs for flip in flips_of(olds[old], news[new], fields)]


def _made_of(version: DatasetVersion, fields: Sequence[str]) -> Composition:
    """What the manifest counted; an old one counted nothing, so its records are."""
    counted = version.manifest.made_of
    if counted is not None and all(f"metadata.{name}" in counted.counts for name in fields):
        return counted
    return composition(read_version_records(Path(version.folder)), fields)


def _ids(index: VersionIndex, places: Places) -> list[str]:
    return [bytes(number).decode() for number in index.ids[places]]
