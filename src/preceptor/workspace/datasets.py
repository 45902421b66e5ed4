"""Dataset versions, built from labels by recipes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from preceptor.core.json_values import JsonObject
from preceptor.datasets.against import against_texts, is_cases_file
from preceptor.datasets.build import NO_BAD_ROWS, BadRows, BuildInputs, BuildPlace, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.card_text import read_card_text
from preceptor.datasets.check import CheckContext
from preceptor.datasets.diff import diff as diff_versions
from preceptor.datasets.executor import make_executor
from preceptor.datasets.export import Exported
from preceptor.datasets.export import export as write_export
from preceptor.datasets.exporter import exporters
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.from_labels import LeftOut, read_references, records_from_labels
from preceptor.datasets.lineage_links import lineage_links
from preceptor.datasets.progress import Progress, nobody
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.source import SourceContext, sources
from preceptor.datasets.sources.labels import Labels
from preceptor.datasets.store import DatasetVersionStore, WithdrawnRecordStore
from preceptor.datasets.types import DatasetDiff, DatasetNotes, DatasetVersion, Record, Refused
from preceptor.evals.from_labels import case_text
from preceptor.governance.store import LinkStore
from preceptor.kept_labels import labelled_items
from preceptor.qc.types import Agreement
from preceptor.workspace.core import Core
from preceptor.workspace.labels import agreement_of
from preceptor.workspace.registry import Registry, register


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a recipe gave: a version, or the checks that refused it; and the items that became no record."""

    outcome: DatasetVersion | Refused
    left_out: tuple[LeftOut, ...]
    bad_rows: BadRows = NO_BAD_ROWS
    number: str | None = None
    folder: str | None = None


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """How a version is built; none of it changes what it holds.

    `executor` is `local` or `daft`, `cluster` the address of a Ray cluster. `number` is a higher semantic number
    than the one that follows from what changed.
    """

    executor: str = "local"
    cluster: str | None = None
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What is written: one split or all, records that break a rule of the format left out or not."""

    split: str | None = None
    skip_refused: bool = False
    unapproved_ok: bool = False
    settings: JsonObject = field(default_factory=dict)


@dataclass(kw_only=True)
class _LabelRecords:
    """Makes the records of a recipe's labels, and remembers what they came from."""

    core: Core
    held_out: set[str | None]
    label_ids: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    agreement: dict[str, Agreement] = field(default_factory=dict)

    def __call__(self, settings: JsonObject) -> tuple[Record, ...]:
        wanted = cast("Labels", sources.create("labels", settings))
        rubric = self.core.definitions.rubric(wanted.rubric)
        references = read_references(self.core.folder / wanted.references)
        system = self.core.definitions.target(wanted.target).system
        with self.core.database.read() as connection:
            items = [one for one in labelled_items(connection, rubric.hash) if one.trace.id not in self.held_out]
            self.agreement[wanted.rubric] = agreement_of(connection, rubric)
        made = records_from_labels(items, references, wanted, system)
        self.label_ids += [one.label_id for one in items]
        self.left_out += made.left_out
        return made.records


@dataclass(frozen=True)
class Datasets:
    """Dataset versions, built from labels by recipes."""

    core: Core

    def build(self, recipe_name: str, options: BuildOptions = BuildOptions(), progress: Progress = nobody) -> Built:
        """An immutable version by a recipe, from its sources as they are now; Refused when a check blocks it.

        A build that was killed goes on where it was. Records that were withdrawn are left out. The version
        enters the registry as a draft under the next semantic number.
        """
        recipe = self.core.definitions.recipe(recipe_name)
        suites = [self.core.definitions.suite(name) for name in recipe.against if not is_cases_file(name)]
        by_label = _LabelRecords(core=self.core, held_out={case.source_id for suite in suites for case in suite.cases})
        texts = against_texts(recipe, self.core.folder, self._suite_texts)
        folder = self.core.folder / "datasets"
        looking = SourceContext(folder=self.core.folder, find_version=self.get, from_labels=by_label)
        inputs = BuildInputs(
            sources=find_sources(recipe, looking, folder),
            context=CheckContext(eval_texts=texts),
            notes=DatasetNotes(
                agreement=by_label.agreement, text=read_card_text(self.core.folder / "cards" / f"{recipe.name}.md")
            ),
            withdrawn=self._withdrawn(),
        )
        tools = BuildTools(
            executor=make_executor(options.executor, options.cluster, self.core.settings.threads),
            progress=progress,
            stopwatch=self.core.resources.stopwatch,
        )
        place = BuildPlace(folder=folder, tools=tools, clock=self.core.clock)
        made = build(recipe, inputs, place)
        built = Built(
            outcome=made.outcome, left_out=tuple(by_label.left_out), bad_rows=made.bad_rows, folder=made.folder
        )
        with self.core.change("datasets.commit") as change:
            change.subject = recipe.name
            if isinstance(made.outcome, Refused):
                change.details = {"refused": made.outcome.reason}
                return built
            version = DatasetVersionStore(change.connection).add(made.outcome)
            LinkStore(change.connection).add(lineage_links(version, by_label.label_ids))
            entry = register(change, version, self.core, options.number)
            self.core.keep(self.core.definitions.document("recipes", recipe_name))
            change.details = {"version": version.id, "number": entry.number, "records": version.manifest.num_records}
        return replace(built, outcome=version, number=entry.number)

    def _withdrawn(self) -> frozenset[str]:
        with self.core.database.read() as connection:
            return WithdrawnRecordStore(connection).withdrawn_ids()

    def _suite_texts(self, name: str) -> dict[str, str]:
        return {case.id: case_text(case) for case in self.core.definitions.suite(name).cases}

    def get(self, name_or_id: str) -> DatasetVersion:
        """A version by its id, or the newest of a name."""
        with self.core.database.read() as connection:
            return DatasetVersionStore(connection).get_newest(name_or_id)

    def list_all(self) -> list[DatasetVersion]:
        """Every version."""
        with self.core.database.read() as connection:
            return DatasetVersionStore(connection).list_versions()

    def diff(self, before: str, after: str) -> DatasetDiff:
        """What changed from one version to another."""
        return diff_versions(self.get(before), self.get(after))

    def export(
        self, name_or_id: str, exporter_name: str, path: Path, options: ExportOptions = ExportOptions()
    ) -> Exported:
        """Write a version (or one split of it) in a trainer's format; the file appears whole or not at all.

        Raises ConflictError for a version that was withdrawn, or whose recipe says who approves it and that is not.
        """
        exporter, version = exporters.create(exporter_name, options.settings), self.get(name_or_id)
        Registry(self.core).require_exportable(version.id, unapproved_ok=options.unapproved_ok)
        records, split = read_version_records(Path(version.folder)), options.split
        chosen = (one for one in records if split in {None, one.split})
        exported = write_export(chosen, exporter, path, skip_refused=options.skip_refused)
        with self.core.change("datasets.export") as change:
            change.subject = version.id
            change.details = {"exporter": exporter_name, "split": split, "rows": exported.num_rows}
        return exported
