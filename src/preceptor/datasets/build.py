"""Build a dataset version by a recipe: read the sources, run the steps, commit; killed, it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.clock import Clock
from preceptor.core.ids import content_hash, plain
from preceptor.core.version import VERSION
from preceptor.datasets.build_job import BuildTools, Job, remove_job, sole_job
from preceptor.datasets.build_plan import plan_passes
from preceptor.datasets.build_read import ReadRecords, read_of, read_stage
from preceptor.datasets.build_records import Found, Standing, run_passes
from preceptor.datasets.check import CheckContext, checks
from preceptor.datasets.commit import FINDINGS_LISTED, RecordsToCommit, commit_records, require_name
from preceptor.datasets.find_sources import GivenSources
from preceptor.datasets.found_rows import findings_of
from preceptor.datasets.progress import StageWatch
from preceptor.datasets.recipe import (
    PlannedCheck,
    PlannedStep,
    Recipe,
    recipe_identity,
    recipe_steps,
)
from preceptor.datasets.recipe_governance import manifest_governance, with_statements
from preceptor.datasets.shards import Shard, iter_rows, num_rows
from preceptor.datasets.types import (
    CheckFinding,
    CheckResult,
    DatasetNotes,
    DatasetVersion,
    Manifest,
    Refused,
)

READABLE = "readable"
JOB_DIGITS = 24


@dataclass(frozen=True, kw_only=True)
class BuildInputs:
    """What a recipe does not hold itself.

    `sources` are what `find_sources` found; `context` has what checks compare with; `notes` what
    people say of the dataset (its title, description, collection and limitations come from the recipe where they
    say nothing); `withdrawn` are record ids that may not stand in a version.
    """

    sources: GivenSources
    context: CheckContext = field(default_factory=CheckContext)
    notes: DatasetNotes = field(default_factory=DatasetNotes)
    withdrawn: frozenset[str] = frozenset()


class BadRows(NamedTuple):
    """How many rows of the sources are no records, and the first of them, each with its file, line and reason."""

    num_rows: int
    first: tuple[str, ...]


NO_BAD_ROWS = BadRows(0, ())


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build gave: a version, or the checks that refused it; and the rows that could not be read.

    A refused build stays in `folder`, with all findings, until the next build of the same name.
    """

    outcome: DatasetVersion | Refused
    bad_rows: BadRows = NO_BAD_ROWS
    folder: str | None = None


@dataclass(frozen=True, kw_only=True)
class BuildPlace:
    """Where versions are kept, what does the work, and what time it is."""

    folder: Path
    tools: BuildTools
    clock: Clock


def build(recipe: Recipe, inputs: BuildInputs, place: BuildPlace) -> Built:
    """The version of a recipe, under `<folder>/<name>/<id>`, or Refused when a check that blocks objected.

    The same recipe with the same inputs goes on with what an earlier run, killed at any moment, has
    finished. Raises InputError for wrong settings, an empty result or records that stand twice, NotFoundError for
    a source that is not there, ConflictError when another process runs this very build, StorageError when a disk
    or an object store refuses: then no version is to be seen, and the next run goes on.
    """
    require_name(recipe.name)
    planned = recipe_steps(recipe)
    job_id = _job_id(recipe, planned, inputs)
    with sole_job(place.folder, recipe.name, job_id, place.tools) as job:
        read = read_of(job.stage("read", None, lambda folder, watch: read_stage(inputs.sources, folder, watch)))
        standing = run_passes(job, plan_passes(planned), Standing(records=read.records), inputs.context, read.ranges)
        results = (*_readable(recipe, read), *_results(planned, standing))
        bad_rows = BadRows(num_rows(read.bad_rows), tuple(one.reason for one in _first(read.bad_rows)))
        failing = tuple(result for result in results if result.blocks and result.objects)
        if failing:
            refused = Refused(name=recipe.name, failing=failing)
            return Built(outcome=refused, bad_rows=bad_rows, folder=str(job.folder))
        version = _commit(recipe, inputs, _Committing(job, read, standing, results), place)
        remove_job(job)
    return Built(outcome=version, bad_rows=bad_rows)


class _Committing(NamedTuple):
    job: Job
    read: ReadRecords
    standing: Standing
    results: tuple[CheckResult, ...]


def _commit(recipe: Recipe, inputs: BuildInputs, work: _Committing, place: BuildPlace) -> DatasetVersion:
    read, standing, identity = work.read, work.standing, recipe_identity(recipe)
    known = Manifest(
        name=recipe.name,
        num_records=0,
        splits={},
        kinds={},
        files={},
        checks=work.results,
        settings=identity,
        parents=tuple(sorted({said.version for said in read.sources if said.version})),
        notes=_notes(recipe, inputs.notes),
        sources=read.sources,
        recipe_hash=content_hash(identity),
        governance=manifest_governance(recipe.governance),
    )
    readable = [read.bad_rows] if read.bad_rows else []
    given = RecordsToCommit(
        known=known,
        records=standing.records,
        removals=standing.removals,
        findings=(*readable, *(found.findings for _, found in sorted(standing.found.items()))),
        ranges=read.input_ranges,
        withdrawn=inputs.withdrawn,
        withdrawn_ordinals=_withdrawn_ordinals(inputs.withdrawn, read, standing),
        label_fields=recipe.label_fields,
    )
    watch = StageWatch(stage="commit", progress=place.tools.progress, stopwatch=place.tools.stopwatch, num_total=None)
    with work.job.scratch() as scratch:
        version = commit_records(given, place.folder, place.clock, place.tools.executor, scratch)
    watch.num_done = version.manifest.num_records
    watch.finish(is_kept=False)
    return version


def _withdrawn_ordinals(withdrawn: frozenset[str], read: ReadRecords, standing: Standing) -> frozenset[int]:
    """The places of records that had a withdrawn id when they were read, or when a check named them."""
    if not withdrawn:
        return frozenset()
    wanted = pa.array(sorted(withdrawn), pa.string())
    named = [("id", shard) for shard in read.records]
    named += [("record_id", shard) for found in standing.found.values() for shard in found.findings]
    ordinals: set[int] = set()
    for column, shard in named:
        for rows in iter_rows(shard, ["ordinal", column]):
            ordinals.update(rows.filter(pc.is_in(rows.column(column), wanted)).column("ordinal").to_pylist())
    return frozenset(ordinals)


def _job_id(recipe: Recipe, planned: Sequence[PlannedCheck | PlannedStep], inputs: BuildInputs) -> str:
    """Changes with the recipe, the content of every input, the version of every plugin, and this program's own."""
    plugins = [[step.kind, (step.check if isinstance(step, PlannedCheck) else step.step).version] for step in planned]
    given = inputs.sources.sources
    content: dict[str, object] = {
        "program": VERSION,
        "recipe": plain(recipe),
        "plugins": plugins,
        "sources": [[one.source.version, [entry.said for entry in one.inputs]] for one in given],
        "context": inputs.context,
    }
    return content_hash(content)[:JOB_DIGITS]


def _results(planned: Sequence[PlannedCheck | PlannedStep], standing: Standing) -> Iterator[CheckResult]:
    for place, step in enumerate(planned):
        if isinstance(step, PlannedCheck):
            yield _result(step, standing.found[place])


def _result(step: PlannedCheck, found: Found) -> CheckResult:
    identity = checks.identify(step.check)
    return CheckResult(
        check=identity.name,
        version=identity.version,
        settings=identity.settings,
        num_checked=0 if found.reason else found.num_checked,
        findings=_first(found.findings),
        blocks=step.blocks,
        reason=found.reason,
        num_findings=num_rows(found.findings),
        num_fixed=found.num_fixed,
        max_share=step.max_share,
        figures=found.figures,
    )


def _readable(recipe: Recipe, read: ReadRecords) -> Iterator[CheckResult]:
    """That rows could not be read is a finding like any other; a check that found nothing is not shown."""
    num_bad = sum(said.num_bad for said in read.sources)
    if num_bad:
        yield CheckResult(
            check=READABLE,
            version=1,
            settings={},
            num_checked=sum(said.num_rows for said in read.sources),
            findings=_first(read.bad_rows),
            num_findings=num_bad,
            max_share=recipe.max_bad_share,
        )


def _first(findings: Sequence[Shard]) -> tuple[CheckFinding, ...]:
    found = (one for shard in findings for rows in iter_rows(shard) for one in findings_of(rows))
    return tuple(replace(one, index=None) for one in islice(found, FINDINGS_LISTED))


def _notes(recipe: Recipe, said: DatasetNotes) -> DatasetNotes:
    return replace(
        said,
        title=said.title or recipe.name,
        description=said.description or recipe.description,
        collection=said.collection or recipe.collection,
        limitations=said.limitations or recipe.limitations,
        text=with_statements(said, recipe.governance),
    )
