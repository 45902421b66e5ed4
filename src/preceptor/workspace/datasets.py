"""Dataset versions, built from labels by recipes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from preceptor.datasets.build import build_draft
from preceptor.datasets.commit import commit
from preceptor.datasets.diff import diff as diff_versions
from preceptor.datasets.export import Exported
from preceptor.datasets.export import export as write_export
from preceptor.datasets.exporter import exporters
from preceptor.datasets.from_labels import LeftOut, read_references, records_from_labels
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.store import DatasetVersionStore
from preceptor.datasets.types import DatasetDiff, DatasetVersion, Refused
from preceptor.evals.from_labels import case_text
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.kept_labels import labelled_items
from preceptor.workspace.core import Core
from preceptor.workspace.labels import agreement_of


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a recipe gave: a version, or the checks that refused it; and the items that became no record."""

    outcome: DatasetVersion | Refused
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Datasets:
    """Dataset versions, built from labels by recipes."""

    core: Core

    def build(self, recipe_name: str) -> Built:
        """An immutable version by a recipe, from the labels as they are now; Refused when a check blocks it."""
        recipe = self.core.definitions.recipe(recipe_name)
        suites = [self.core.definitions.suite(name) for name in recipe.against]
        cases = [case for suite in suites for case in suite.cases]
        held_out, texts = {case.source_id for case in cases}, {case.id: case_text(case) for case in cases}
        rubric = self.core.definitions.rubric(recipe.rubric)
        references = read_references(self.core.folder / recipe.references)
        system = self.core.definitions.target(recipe.target).system
        with self.core.change("datasets.commit") as change:
            items = [one for one in labelled_items(change.connection, rubric.hash) if one.trace.id not in held_out]
            made = records_from_labels(items, references, recipe, system)
            draft = build_draft(recipe, made.records, texts, agreement_of(change.connection, rubric))
            outcome = commit(draft, self.core.folder / "datasets", self.core.clock)
            change.subject = recipe.name
            if isinstance(outcome, Refused):
                change.details = {"refused": outcome.reason}
                return Built(outcome=outcome, left_out=made.left_out)
            version = DatasetVersionStore(change.connection).add(outcome)
            LinkStore(change.connection).add(
                [Link(made=version.id, relation="built_from", source=one.label_id) for one in items]
            )
            self.core.keep(self.core.definitions.document("recipes", recipe_name))
            change.details = {"version": version.id, "records": version.manifest.num_records}
        return Built(outcome=version, left_out=made.left_out)

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

    def export(self, name_or_id: str, exporter_name: str, path: Path, split: str | None = None) -> Exported:
        """Write a version (or one split of it) in a trainer's format; the file appears whole or not at all."""
        exporter, version = exporters.create(exporter_name), self.get(name_or_id)
        records = read_version_records(Path(version.folder))
        exported = write_export((one for one in records if split in {None, one.split}), exporter, path)
        with self.core.change("datasets.export") as change:
            change.subject = version.id
            change.details = {"exporter": exporter_name, "split": split, "rows": exported.num_written}
        return exported
