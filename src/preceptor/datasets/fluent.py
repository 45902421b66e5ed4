"""A dataset recipe written in code, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import yaml

from preceptor.core.clock import Clock, system_clock
from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.datasets.against import against_texts
from preceptor.datasets.build import BuildInputs, BuildPlace, Built, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.check import CheckContext
from preceptor.datasets.diff import diff
from preceptor.datasets.executor import Executor, make_executor
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.manifest import read_manifest, version_id
from preceptor.datasets.progress import Progress, nobody
from preceptor.datasets.recipe import Recipe, recipe_steps
from preceptor.datasets.recipe_governance import RecipeGovernance
from preceptor.datasets.source import SourceContext
from preceptor.datasets.steps.mixture import Mixture
from preceptor.datasets.steps.split import Split
from preceptor.datasets.types import DatasetDiff, DatasetVersion, Refused

USUAL: JsonObject = {"fix": False, "blocks": True, "max_share": 0.0}


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    r"""Sources, and what is done with their records, in order; each method gives a new pipeline.

    It is the recipe file in code: the same steps on the same files give the same version id. Paths are
    relative to `folder`. A check drops or mends what it finds where it can, and refuses the version where it cannot.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.jsonl").write_text('{"prompt": "2 + 2?", "completion": "4 "}\n' * 3)
    >>> pipeline = Pipeline.from_files("a.jsonl", name="sums", folder=folder).normalise().drop_exact_duplicates()
    >>> version = pipeline.split(train=1.0, validation=0.0, test=0.0).write(folder / "datasets").outcome
    >>> version.manifest.num_records, version.manifest.checks[0].num_fixed
    (1, 2)
    """

    name: str
    sources: tuple[JsonObject, ...]
    steps: tuple[JsonObject, ...] = ()
    against: tuple[str, ...] = ()
    mixture: Mixture | None = None
    splits: Split | None = None
    max_bad_share: float = 0.0
    governance: RecipeGovernance = field(default_factory=RecipeGovernance)
    folder: Path = Path()

    @classmethod
    def from_files(cls, *paths: str, name: str = "dataset", folder: Path = Path(), licence: str = "") -> Self:
        """The rows of files, which may be patterns or URLs; `licence` is that of rows without their own."""
        return cls(name=name, folder=folder, sources=(_files(paths, "", licence),))

    def and_files(self, *paths: str, name: str = "", licence: str = "") -> Self:
        """The rows of more files, as a source of its own: `name` is what a mixture calls it."""
        return replace(self, sources=(*self.sources, _files(paths, name, licence)))

    def normalise(self) -> Self:
        """Texts in composed Unicode, with plain white space, without control characters."""
        return self._then({"kind": "normalise"})

    def require_schema(self) -> Self:
        """Refuse the version when a record is no conversation that a trainer can use."""
        return self._then({"kind": "schema"})

    def drop_exact_duplicates(self) -> Self:
        """Keep the first of the records that say the same."""
        return self._then({"kind": "exact_duplicate", "fix": True})

    def drop_near_duplicates(self, threshold: float = 0.8) -> Self:
        """Keep one of the records whose shingles are as similar as `threshold` (Jaccard), verified exactly."""
        return self._then({"kind": "near_duplicate", "fix": True, "threshold": threshold})

    def drop_contaminated(self, against: str) -> Self:
        """Leave out records that hold a case of the file `against`."""
        return replace(self._then({"kind": "eval_contamination", "fix": True}), against=(*self.against, against))

    def redact_personal_data(self) -> Self:
        """Replace what identifies a person, the same each time within a record."""
        return self._then({"kind": "personal_data", "fix": True})

    def keep_languages(self, *languages: str) -> Self:
        """Leave out records in another language than these (ISO 639)."""
        return self._then({"kind": "language", "fix": True, "expected": list(languages)})

    def check(
        self,
        kind: str,
        settings: JsonObject | None = None,
        *,
        fix: bool = False,
        blocks: bool = True,
        max_share: float = 0.0,
    ) -> Self:
        """Any check by its name, with its settings; what it finds refuses the version unless it is fixed or allowed."""
        uses: JsonObject = {"fix": fix, "blocks": blocks, "max_share": max_share}
        unusual = {name: value for name, value in uses.items() if value != USUAL[name]}
        return self._then({"kind": kind, **(settings or {}), **unusual})

    def mix(self, weights: dict[str, float], max_synthetic_share: float = 1.0, seed: int = 0) -> Self:
        """The sources in the ratio of their weights, and a cap on what models wrote."""
        return replace(self, mixture=Mixture(weights=weights, max_synthetic_share=max_synthetic_share, seed=seed))

    def sample(self, count: int, seed: int = 0) -> Self:
        """Keep so many records, drawn by their ids."""
        return self._then({"kind": "sample", "count": count, "seed": seed})

    def split(
        self, train: float = 0.8, validation: float = 0.1, test: float = 0.1, seed: int = 0, by: str = "group"
    ) -> Self:
        """Shares of the three splits; records with the same `by` (a group, a user, a prompt) stay together."""
        return replace(self, splits=Split(train=train, validation=validation, test=test, seed=seed, by=by))

    def allow_bad_rows(self, max_share: float) -> Self:
        """Leave out rows that are no records, up to this share of them."""
        return replace(self, max_bad_share=max_share)

    def govern(self, governance: RecipeGovernance) -> Self:
        """What the data is for, and who must agree."""
        return replace(self, governance=governance)

    def recipe(self) -> Recipe:
        """The recipe that a file would hold. Raises InputError for unknown steps and wrong settings."""
        recipe = Recipe(
            name=self.name,
            sources=self.sources,
            steps=self.steps,
            mixture=self.mixture,
            splits=self.splits,
            against=self.against,
            max_bad_share=self.max_bad_share,
            governance=self.governance,
        )
        recipe_steps(recipe)
        return recipe

    def recipe_text(self) -> str:
        """The recipe as the YAML file that gives the same version.

        >>> print(Pipeline.from_files("a.jsonl", name="sums").drop_exact_duplicates().recipe_text(), end="")
        name: sums
        sources:
        - kind: files
          paths:
          - a.jsonl
        steps:
        - kind: exact_duplicate
          fix: true
        """
        nothing = plain_object(Recipe(name="", sources=({"kind": ""},)))
        said = {name: value for name, value in plain_object(self.recipe()).items() if value != nothing[name]}
        return yaml.safe_dump(said, sort_keys=False, allow_unicode=True)

    def write(
        self,
        folder: Path,
        executor: Executor | None = None,
        progress: Progress = nobody,
        clock: Clock = system_clock,
    ) -> Built:
        """Build the version under `<folder>/<name>/<id>`; killed, the same call goes on where it was."""
        recipe = self.recipe()
        inputs = BuildInputs(
            sources=find_sources(recipe, SourceContext(folder=self.folder), folder),
            context=CheckContext(eval_texts=against_texts(recipe, self.folder)),
        )
        tools = BuildTools(executor=executor or make_executor(), progress=progress)
        return build(recipe, inputs, BuildPlace(folder=folder, tools=tools, clock=clock))

    def diff(self, version: DatasetVersion | Path, folder: Path) -> DatasetDiff:
        """Build the version in `folder`, and say what differs from another one, given by itself or its folder.

        Raises InputError when a check refuses the version.
        """
        built = self.write(folder)
        if isinstance(built.outcome, Refused):
            raise InputError(built.outcome.reason)
        return diff(_version_in(version) if isinstance(version, Path) else version, built.outcome)

    def _then(self, step: JsonObject) -> Self:
        return replace(self, steps=(*self.steps, step))


def _files(paths: tuple[str, ...], name: str, licence: str) -> JsonObject:
    said: JsonObject = {"kind": "files", "paths": list(paths)}
    return said | {key: value for key, value in (("name", name), ("licence", licence)) if value}


def _version_in(folder: Path) -> DatasetVersion:
    manifest = read_manifest(folder)
    made_at = datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC)
    return DatasetVersion(
        id=version_id(manifest), name=manifest.name, manifest=manifest, folder=str(folder), created_at=made_at
    )
