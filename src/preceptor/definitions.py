"""The definition files of a workspace: what its people review in Git."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.documents import Document, read_document
from preceptor.core.errors import InputError, NotFoundError, PreceptorError
from preceptor.datasets.recipe import Recipe, load_recipe
from preceptor.evals.passages import read_passages
from preceptor.evals.suite import load_suite
from preceptor.evals.types import Suite
from preceptor.gates.policy import Policy, load_policy
from preceptor.labeling.rubric import LoadedRubric, load_rubric
from preceptor.models.target import Target, load_target
from preceptor.triage.taxonomy import Taxonomy, load_taxonomy

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """Reads the definitions in a workspace's folder by their names (`support`), or by a path to a `.yaml` file."""

    folder: Path

    def taxonomy(self) -> Taxonomy:
        """The categories of failure, and the graders and detectors that find them."""
        return load_taxonomy(read_document(self.folder / "taxonomy.yaml"))

    def rubric(self, name: str) -> LoadedRubric:
        """A rubric of `rubrics/`."""
        return load_rubric(self.document("rubrics", name))

    def suite(self, name: str) -> Suite:
        """A suite of `suites/` with its cases and passages."""
        return load_suite(self.path("suites", name))

    def target(self, name: str) -> Target:
        """A target of `targets/`."""
        return load_target(self.document("targets", name))

    def policy(self, name: str) -> Policy:
        """A gate policy of `gates/`."""
        return load_policy(self.document("gates", name))

    def policy_hashes(self) -> dict[str, str]:
        """The hash of each gate policy by its name, as they stand now; files that cannot be read are left out."""
        found: dict[str, str] = {}
        for path in sorted((self.folder / "gates").glob("*.yaml")):
            try:
                document = read_document(path)
            except PreceptorError:
                continue  # A broken policy is named where it is used.
            named = document.value.get("name") if isinstance(document.value, dict) else None
            found[str(named or path.stem)] = document.hash
        return found

    def recipe(self, name: str) -> Recipe:
        """A dataset recipe of `recipes/`."""
        return load_recipe(self.document("recipes", name))

    def passages(self) -> dict[str, str]:
        """The articles that answers may cite, by id; none where the workspace has no `policies/articles`."""
        folder = self.folder / "policies" / "articles"
        mistakes: list[str] = []
        found = read_passages(folder, mistakes) if folder.is_dir() else {}
        if mistakes:
            raise InputError("\n".join(mistakes))
        return found

    def document(self, kind: str, name: str) -> Document:
        """The file of a definition, with its hash and its lines."""
        return read_document(self.path(kind, name))

    def path(self, kind: str, name: str) -> Path:
        """Where a definition lies; NotFoundError lists the names that there are."""
        if name.endswith((".yaml", ".yml")):
            return Path(name)
        if not NAME.fullmatch(name):
            raise InputError(f"{name!r} is no name of a definition; use letters, digits, dots, dashes and underscores")
        path = self.folder / kind / f"{name}.yaml"
        if not path.is_file():
            there = ", ".join(sorted(other.stem for other in path.parent.glob("*.yaml"))) or "none"
            raise NotFoundError(f"no {kind}/{name}.yaml in {str(self.folder)!r}; there are: {there}")
        return path
