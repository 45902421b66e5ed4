"""Commit records as an immutable version: a folder that is there whole or not at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.clock import Clock
from preceptor.core.errors import ConflictError, InputError
from preceptor.datasets.batch import BATCH_RECORDS, BATCH_SCHEMA, Batch, iter_batches
from preceptor.datasets.card import render_card
from preceptor.datasets.collector_pause import collector_pause
from preceptor.datasets.composition import CompositionCounter
from preceptor.datasets.croissant import CROISSANT_FILE, croissant_text
from preceptor.datasets.executor import Executor, make_executor, outputs_by_name
from preceptor.datasets.found_rows import findings_of, found_rows, json_lines
from preceptor.datasets.manifest import MANIFEST_FILE, manifest_text, read_manifest, version_id
from preceptor.datasets.place_records import FACTS, WITHDRAWN, PlaceRecords
from preceptor.datasets.records_hash import RecordsHash
from preceptor.datasets.removal import Removal
from preceptor.datasets.shards import Shard, ShardWriter, iter_rows
from preceptor.datasets.sorted_shards import PLACED, find_bounds, iter_placed
from preceptor.datasets.step import SourceRanges
from preceptor.datasets.types import (
    CheckFinding,
    CheckResult,
    DatasetDraft,
    DatasetSource,
    DatasetVersion,
    Manifest,
    Refused,
)
from preceptor.datasets.verify_version import verify_version
from preceptor.datasets.version_files import VersionFiles, count_places
from preceptor.datasets.whole_folder import UnnamedFolder, sole_writer, unnamed_folder

CARD_FILE = "README.md"
FINDINGS_LISTED = 100
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_ONE_SOURCE = SourceRanges(names=("",), starts=(0,))


@dataclass(frozen=True, kw_only=True)
class RecordsToCommit:
    """Records in files, in any order, and what is known of them before they are written.

    `known` has the name, the checks, the recipe, the notes and the sources; counts and hashes are added. `findings`
    are those of each check, in the order of `known.checks`. Records that `withdrawn` names are left out, and
    those at `withdrawn_ordinals`: they had such an id before a step changed them.
    """

    known: Manifest
    records: tuple[Shard, ...]
    removals: tuple[Removal, ...] = ()
    findings: tuple[tuple[Shard, ...], ...] = ()
    ranges: SourceRanges = _ONE_SOURCE
    withdrawn: frozenset[str] = frozenset()
    withdrawn_ordinals: frozenset[int] = frozenset()
    label_fields: tuple[str, ...] = ()


def commit(draft: DatasetDraft, folder: Path, clock: Clock) -> DatasetVersion | Refused:
    """The version, on disk under `<folder>/<name>/<id>`; Refused when a blocking check objected.

    The order of the records does not matter; one without a split goes to `train`. Committing the
    same content again gives the version that is there. Raises InputError for an empty dataset, a
    name that is no folder name, or records that stand twice; ConflictError when the checks ran on
    other records, or when the version that is there was changed; StorageError when the disk
    refuses: then nothing is to be seen, and what was there is intact.
    """
    _require_usable(draft)
    failing = tuple(result for result in draft.checks if result.blocks and result.objects)
    if failing:
        return Refused(name=draft.name, failing=failing)
    known = Manifest(
        name=draft.name,
        num_records=0,
        splits={},
        kinds={},
        files={},
        checks=tuple(_listed(result) for result in draft.checks),
        settings=draft.settings,
        parents=tuple(sorted(set(draft.parents))),
        notes=draft.notes,
    )
    with sole_writer(folder / draft.name), unnamed_folder(folder / draft.name) as scratch:
        given = RecordsToCommit(
            known=known,
            records=_write_records(draft, scratch.path),
            findings=tuple(_write_findings(result, scratch.path / str(at)) for at, result in enumerate(draft.checks)),
        )
        return _commit(given, folder, clock, _Scratch(make_executor(), scratch.path))


def commit_records(
    given: RecordsToCommit, folder: Path, clock: Clock, executor: Executor, scratch: Path
) -> DatasetVersion:
    """As `commit`, for records that need not fit in memory; `scratch` keeps them in order of id meanwhile."""
    require_name(given.known.name)
    with sole_writer(folder / given.known.name), collector_pause():
        return _commit(given, folder, clock, _Scratch(executor, scratch))


def require_name(name: str) -> None:
    """InputError for a name that is no folder name."""
    if not _NAME.fullmatch(name):
        raise InputError(f"the dataset name {name!r:.110} must be a-z, 0-9, . _ or -, up to 100 of them")


@dataclass(frozen=True)
class _Scratch:
    executor: Executor
    folder: Path


def _commit(given: RecordsToCommit, folder: Path, clock: Clock, scratch: _Scratch) -> DatasetVersion:
    home = folder / given.known.name
    with unnamed_folder(home) as new:
        manifest = _write_version(given, new, scratch)
        path = home / version_id(manifest)
        if path.exists():
            _require_intact(path)
        else:
            new.publish(path)
    return DatasetVersion(
        id=path.name, name=manifest.name, manifest=read_manifest(path), folder=str(path), created_at=clock()
    )


def _write_version(given: RecordsToCommit, new: UnnamedFolder, scratch: _Scratch) -> Manifest:
    bounds = find_bounds(given.records, "id")
    function = PlaceRecords(
        removals=given.removals,
        withdrawn=given.withdrawn,
        withdrawn_ordinals=given.withdrawn_ordinals,
        bounds=bounds,
        sources=given.ranges,
    )
    placed = outputs_by_name(scratch.executor.map(given.records, function, scratch.folder))
    facts = [rows for shard in placed.get(FACTS, ()) for rows in iter_rows(shard)]
    counts, layouts = count_places(facts)
    if not counts:
        raise InputError(f"dataset {given.known.name!r} has no records; a version needs at least one")
    tables = iter_placed(placed[PLACED], "id", len(bounds) + 1, scratch.executor, scratch.folder / "by_id")
    composition, records_hash = CompositionCounter(given.label_fields), RecordsHash()
    files = VersionFiles(new, counts, layouts)
    try:
        for batch in _unique(tables):
            composition.add(batch)
            records_hash.add_bytes(record.as_buffer() for record in batch.table.column("record"))
            files.add(batch.records)
        files.close()
    finally:
        files.abandon()
    manifest = replace(
        given.known,
        num_records=sum(counts.values()),
        splits=_sums((place.split, count) for place, count in counts.items()),
        kinds=_sums((place.kind, count) for place, count in counts.items()),
        records_hash=records_hash.hexdigest(),
        made_of=composition.result(),
        sources=_counted_sources(given, facts),
        withdrawn=_ids(placed.get(WITHDRAWN, ())),
    )
    return _write_texts(manifest, given.findings, new, files.schemas())


def _write_texts(
    manifest: Manifest, findings: Sequence[Sequence[Shard]], new: UnnamedFolder, schemas: dict[str, pa.Schema]
) -> Manifest:
    for place, (result, shards) in enumerate(zip(manifest.checks, findings, strict=False)):
        if shards:
            with new.file(f"checks/{place:02d}_{result.check}.jsonl") as stream:
                for line in json_lines(
                    found for shard in shards for rows in iter_rows(shard) for found in findings_of(rows)
                ):
                    stream.write(line)
    manifest = replace(manifest, files=dict(sorted(new.hashes.items())))
    new.write(CARD_FILE, render_card(manifest).encode())
    new.write(CROISSANT_FILE, croissant_text(manifest, schemas).encode())
    manifest = replace(manifest, files=dict(sorted(new.hashes.items())))
    new.write(MANIFEST_FILE, manifest_text(manifest).encode())
    return manifest


def _unique(tables: Iterable[pa.Table]) -> Iterator[Batch]:
    """The records in order of id as batches; InputError for an id that stands twice."""
    for table in tables:
        ids = table.column("id").combine_chunks()
        same = pc.equal(ids[1:], ids[:-1])
        if pc.any(same).as_py():
            number = ids[pc.index(same, value=True).as_py()]
            count = pc.sum(pc.equal(ids, number)).as_py()
            raise InputError(
                f"record {number.as_py()!r} stands {count} times; drop what the check exact_duplicate finds"
            )
        rows = table.select(BATCH_SCHEMA.names).combine_chunks()
        yield from map(Batch, rows.to_batches(max_chunksize=BATCH_RECORDS))


def _require_usable(draft: DatasetDraft) -> None:
    require_name(draft.name)
    if not draft.records:
        raise InputError(f"dataset {draft.name!r} has no records; a version needs at least one")
    for result in draft.checks:
        if result.num_checked not in {len(draft.records), 0} or (result.num_checked == 0 and not result.reason):
            raise ConflictError(
                f"the check {result.check!r} ran on {result.num_checked} records, {len(draft.records)} are to be "
                "committed; run the checks on exactly these"
            )


def _write_records(draft: DatasetDraft, folder: Path) -> tuple[Shard, ...]:
    with ShardWriter(folder / "records.arrow") as writer:
        for batch in iter_batches(draft.records):
            writer.write(batch.table)
    shard = writer.shard()
    return (shard,) if shard else ()


def _write_findings(result: CheckResult, folder: Path) -> tuple[Shard, ...]:
    with ShardWriter(folder / "found.arrow") as writer:
        writer.write(found_rows(_by_record(result)))
    shard = writer.shard()
    return (shard,) if shard else ()


def _by_record(result: CheckResult) -> list[CheckFinding]:
    """The findings in order of the records' ids, without their places: a version has no order of its own."""
    found = (replace(finding, index=None) for finding in result.findings)
    return sorted(found, key=lambda finding: (finding.record_id, finding.reason))


def _listed(result: CheckResult) -> CheckResult:
    found = _by_record(result)
    num_findings = len(found) if result.num_findings is None else result.num_findings
    return replace(result, findings=tuple(found[:FINDINGS_LISTED]), num_findings=num_findings)


def _counted_sources(given: RecordsToCommit, facts: Iterable[pa.RecordBatch]) -> tuple[DatasetSource, ...]:
    """The sources with how many of their rows are not in the version."""
    kept: Counter[int] = Counter()
    for rows in facts:
        for row in rows.to_pylist():
            kept[row["source"]] += row["num_records"]
    return tuple(
        replace(said, num_left_out=said.num_rows - said.num_bad - kept[place])
        for place, said in enumerate(given.known.sources)
    )


def _ids(shards: Iterable[Shard]) -> tuple[str, ...]:
    return tuple(
        sorted({number for shard in shards for rows in iter_rows(shard) for number in rows.column("id").to_pylist()})
    )


def _sums(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for name, count in counts:
        sums[name] += count
    return dict(sorted(sums.items()))


def _require_intact(path: Path) -> None:
    problems = verify_version(path)
    if problems:
        raise ConflictError(
            f"the version {str(path)!r} was changed after it was written: {problems[0]}; restore it from a copy"
        )
