"""What differs between two versions beside the records: columns, kinds, the meaning of labels, the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.datasets.read_version import iter_files
from preceptor.datasets.types import DatasetVersion, Manifest

LABEL_SETTINGS = ("rubric", "label_field", "label_fields")
MAX_NAMED = 10


def label_fields_of(*manifests: Manifest) -> tuple[str, ...]:
    """The fields of the metadata that hold labels, as the recipes say and the compositions count; sorted."""
    found: set[str] = set()
    for manifest in manifests:
        one, several = manifest.settings.get("label_field"), manifest.settings.get("label_fields")
        found |= {one} if isinstance(one, str) and one else set()
        found |= {name for name in several if isinstance(name, str)} if isinstance(several, list) else set()
        if manifest.made_of:
            counted = manifest.made_of.counts
            found |= {name.removeprefix("metadata.") for name in counted if name.startswith("metadata.")}
    return tuple(sorted(found))


def breaking_changes(before: DatasetVersion, after: DatasetVersion) -> tuple[str, ...]:
    """What makes a reader of the version before fail or learn something else, in sentences; empty for nothing.

    Kinds that came or went, columns that went or hold another type, another rubric or label field, and label
    values that came or went.
    """
    old, new = before.manifest, after.manifest
    found = [f"the kind {kind!r} is gone" for kind in sorted(old.kinds.keys() - new.kinds.keys())]
    found += [f"the kind {kind!r} is new" for kind in sorted(new.kinds.keys() - old.kinds.keys())]
    found += _columns(before, after)
    for name in LABEL_SETTINGS:
        was, now = old.settings.get(name), new.settings.get(name)
        if was != now and was is not None and now is not None:
            found.append(f"the recipe's {name} is {_shown(now)}, it was {_shown(was)}")
    return (*found, *_label_values(old, new))


def changed_parts(before: Manifest, after: Manifest) -> tuple[str, ...]:
    """The parts of the manifest that differ, in words: the records are not looked at."""
    pairs = (
        ("notes", before.notes, after.notes),
        ("checks", _checks(before), _checks(after)),
        ("recipe", (before.settings, before.recipe_hash), (after.settings, after.recipe_hash)),
        ("sources", before.sources, after.sources),
        ("parents", before.parents, after.parents),
        ("governance", before.governance, after.governance),
    )
    return tuple(name for name, old, new in pairs if old != new)


def _checks(manifest: Manifest) -> list[tuple[object, ...]]:
    return [
        (one.check, one.version, one.settings, one.blocks, one.max_share, bool(one.reason)) for one in manifest.checks
    ]


def _columns(before: DatasetVersion, after: DatasetVersion) -> list[str]:
    old, new = schemas_of(Path(before.folder)), schemas_of(Path(after.folder))
    found = []
    for kind in sorted(old.keys() & new.keys()):
        was, now = dict(_leaves(old[kind])), dict(_leaves(new[kind]))
        found += [f"{kind} has no column {name} any more" for name in sorted(was.keys() - now.keys())]
        found += [
            f"{kind} has {now[name]} in {name}, it was {was[name]}"
            for name in sorted(was.keys() & now.keys())
            if was[name] != now[name]
        ]
    return found


def schemas_of(folder: Path) -> dict[str, pa.Schema]:
    """The Parquet schema of each kind in a version's folder."""
    found: dict[str, pa.Schema] = {}
    for file in iter_files(folder):
        try:
            found.setdefault(file.kind, pq.read_schema(file.path))
        except pa.ArrowException as error:
            raise InputError(f"{str(file.path)!r} cannot be read: {error}; restore the version") from error
    return found


def _leaves(fields: pa.Schema | pa.StructType, above: str = "") -> Iterator[tuple[str, str]]:
    for one in fields:
        name, of = f"{above}{one.name}", one.type
        while pa.types.is_list(of) or pa.types.is_large_list(of):
            name, of = f"{name}[]", of.value_type
        if pa.types.is_struct(of):
            yield from _leaves(of, f"{name}.")
        else:
            yield name, str(of)


def _label_values(old: Manifest, new: Manifest) -> list[str]:
    if old.made_of is None or new.made_of is None:
        return []
    found = []
    for name in sorted(old.made_of.counts.keys() & new.made_of.counts.keys()):
        if not name.startswith("metadata.") or name in {*old.made_of.too_many, *new.made_of.too_many}:
            continue
        was, now = old.made_of.counts[name].keys(), new.made_of.counts[name].keys()
        if was and now and was != now:
            gone, come = _named(was - now), _named(now - was)
            parts = [f"without {gone}"] * bool(gone) + [f"with {come}"] * bool(come)
            found.append(f"the labels of {name} are others: {', '.join(parts)}")
    return found


def _named(values: set[str]) -> str:
    names = sorted(values)
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(repr(name[:60]) for name in names[:MAX_NAMED]) + more


def _shown(value: JsonValue) -> str:
    return repr(value)[:100]
