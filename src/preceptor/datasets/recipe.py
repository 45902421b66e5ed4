"""A dataset recipe: which sources, which steps and checks, and for what use, make a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath

from preceptor.core.construct import Path, Problems
from preceptor.core.documents import Document, load
from preceptor.core.errors import InputError
from preceptor.core.ids import content_hash, plain_object
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.check import Check, Mender, checks
from preceptor.datasets.recipe_governance import RecipeGovernance
from preceptor.datasets.source import Source, sources
from preceptor.datasets.step import Step, steps
from preceptor.datasets.steps.mixture import Mixture
from preceptor.datasets.steps.split import Split
from preceptor.datasets.types import Fix

DEFAULT_STEPS: tuple[JsonObject, ...] = tuple(
    {"kind": kind} for kind in ("schema", "exact_duplicate", "split_leakage", "eval_contamination", "personal_data")
)
# What says how a check is used; everything else in its entry is a setting of the check itself.
USES = ("fix", "blocks", "max_share")
OLD_KEYS = ("rubric", "target", "references", "label_field", "answer_fields", "checks")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How records from sources become a version.

    `sources` are read one after the other; each names its `kind` and settings. `steps` run in
    their order: a check (`kind`, settings, `fix: true` to drop or mend what it finds, `blocks: false`, `max_share`),
    or a step that changes or chooses records. `mixture` and `splits` run after the last step that changes
    records, and before the first check of the splits; a step `split` or `mixture` in the list takes their place.
    `against` names suites, or files of cases, that must not stand in the data. More than `max_bad_share`
    of unreadable rows stop the build.
    """

    name: str
    sources: tuple[JsonObject, ...]
    steps: tuple[JsonObject, ...] = DEFAULT_STEPS
    mixture: Mixture | None = None
    splits: Split | None = None
    against: tuple[str, ...] = ()
    max_bad_share: float = 0.0
    governance: RecipeGovernance = field(default_factory=RecipeGovernance)
    description: str = ""
    collection: str = ""
    limitations: tuple[str, ...] = ()
    label_fields: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.sources:
            raise InputError(f"the recipe {self.name!r} has no sources; name at least one")
        if not 0 <= self.max_bad_share <= 1:
            raise InputError(f"max_bad_share is {self.max_bad_share!r}; give a number from 0 to 1")


@dataclass(frozen=True, kw_only=True)
class PlannedCheck:
    """A check of a recipe with its settings. `fix` is what is done about findings."""

    kind: str
    check: Check
    fix: Fix = "none"
    blocks: bool = True
    max_share: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """A step of a recipe with its settings."""

    kind: str
    step: Step


def load_recipe(document: Document) -> Recipe:
    """The recipe in a definition file; InputError with every mistake and its line."""
    _refuse_old_form(document)
    recipe = load(Recipe, document)
    problems = document.problems()
    for index, entry in enumerate(recipe.sources):
        sources.construct(str(entry.get("kind")), _settings(entry), problems, ("sources", index))
    for index, entry in enumerate(recipe.steps):
        _plan_step(entry, problems, ("steps", index))
    problems.raise_if_any()
    return recipe


def recipe_sources(recipe: Recipe) -> tuple[Source, ...]:
    """The sources in their order; InputError for wrong settings."""
    return tuple(sources.create(str(entry.get("kind")), _settings(entry)) for entry in recipe.sources)


def recipe_steps(recipe: Recipe) -> tuple[PlannedCheck | PlannedStep, ...]:
    """The steps in the order in which they run; InputError for wrong settings."""
    problems = Problems(f"recipe {recipe.name}")
    planned = [_plan_step(entry, problems, ("steps", index)) for index, entry in enumerate(recipe.steps)]
    problems.raise_if_any()
    made = [step for step in planned if step is not None]
    kinds = {step.kind for step in made}
    late: list[PlannedStep] = []
    if recipe.mixture is not None and "mixture" not in kinds:
        late.append(PlannedStep(kind="mixture", step=recipe.mixture))
    if "split" not in kinds:
        late.append(PlannedStep(kind="split", step=recipe.splits or Split()))
    place = _late_place(made)
    return (*made[:place], *late, *made[place:])


def recipe_identity(recipe: Recipe) -> JsonObject:
    """The recipe as a version keeps it: every setting written out, in whatever way it was said.

    What an absolute path says of this machine is left out.
    """
    entries: list[JsonValue] = [
        _written(entry, source) for entry, source in zip(recipe.sources, recipe_sources(recipe), strict=True)
    ]
    ran: list[JsonValue] = [_written_step(step) for step in recipe_steps(recipe)]
    against: list[JsonValue] = [_file_name(name) for name in recipe.against]
    written: JsonObject = {"sources": entries, "steps": ran, "against": against, "mixture": None, "splits": None}
    return plain_object(recipe) | written


def recipe_hash(recipe: Recipe) -> str:
    """SHA-256 of what the recipe says, written as a file or in code: that of `recipe_identity`."""
    return content_hash(recipe_identity(recipe))


def _plan_step(entry: JsonObject, problems: Problems, at: Path) -> PlannedCheck | PlannedStep | None:
    kind = str(entry.get("kind")).replace("-", "_")
    if kind in _known_steps():
        step = steps.construct(kind, _settings(entry), problems, at)
        return None if step is None else PlannedStep(kind=kind, step=step)
    if kind not in _known_checks():
        known = ", ".join([*_known_steps(), *_known_checks()])
        problems.add((*at, "kind"), f"no step or check named {kind!r}; there are: {known}")
        return None
    settings = {name: value for name, value in _settings(entry).items() if name not in USES}
    check = checks.construct(kind, settings, problems, at)
    uses = _Uses(problems, at, entry)
    fix, blocks, max_share = uses.truth("fix", usual=False), uses.truth("blocks", usual=True), uses.share()
    if check is None:
        return None
    if fix and (check.fix == "none" or (check.fix == "mend" and not isinstance(check, Mender))):
        problems.add((*at, "fix"), f"the check {kind!r} only reports: it has no fix; leave `fix` out")
    used: Fix = check.fix if fix else "none"
    return PlannedCheck(kind=kind, check=check, fix=used, blocks=blocks, max_share=max_share)


@cache
def _known_steps() -> list[str]:
    # Looking through every installed package for plugins takes a tenth of a second.
    return steps.names()


@cache
def _known_checks() -> list[str]:
    return checks.names()


@dataclass(frozen=True)
class _Uses:
    problems: Problems
    at: Path
    entry: JsonObject

    def truth(self, name: str, *, usual: bool) -> bool:
        value = self.entry.get(name, usual)
        if isinstance(value, bool):
            return value
        self.problems.add((*self.at, name), f"is {value!r}; write true or false")
        return usual

    def share(self) -> float:
        value = self.entry.get("max_share", 0.0)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self.problems.add((*self.at, "max_share"), f"is {value!r}; write a number from 0 to 1")
        return 0.0


def _settings(entry: JsonObject) -> JsonObject:
    return {name: value for name, value in entry.items() if name != "kind"} if "kind" in entry else dict(entry)


def _late_place(made: Sequence[PlannedCheck | PlannedStep]) -> int:
    """Where mixture and splits run: after the last step that changes records, before the splits are looked at."""
    looks = next((place for place, step in enumerate(made) if step.kind == "split_leakage"), len(made))
    changing = (place for place, step in enumerate(made) if isinstance(step, PlannedStep) or step.fix != "none")
    return min(looks, max(changing, default=len(made) - 1) + 1)


def _written(entry: JsonObject, source: Source) -> JsonObject:
    settings = {name: _portable(name, value) for name, value in plain_object(source).items()}
    return {"kind": entry.get("kind"), **settings}


def _written_step(planned: PlannedCheck | PlannedStep) -> JsonObject:
    if isinstance(planned, PlannedStep):
        return {"kind": planned.kind, **plain_object(planned.step)}
    uses: JsonObject = {"fix": planned.fix != "none", "blocks": planned.blocks, "max_share": planned.max_share}
    return {"kind": planned.kind, **plain_object(planned.check), **uses}


def _portable(name: str, value: JsonValue) -> JsonValue:
    if name == "paths" and isinstance(value, (list, tuple)):
        return [_file_name(str(path)) for path in value]
    return value


def _file_name(path: str) -> str:
    return PurePath(path).name if PurePath(path).is_absolute() else path


def _refuse_old_form(document: Document) -> None:
    if isinstance(document.value, dict) and "sources" not in document.value:
        old = [key for key in OLD_KEYS if key in document.value]
        if old:
            problems = document.problems()
            problems.add(
                (old[0],),
                f"{old[0]!r} stood here in earlier recipes; write `sources: [{{kind: labels, rubric: …, target: …, "
                "references: …, label_field: …, answer_fields: …, licence: …}]` and put the checks into `steps`",
            )
            problems.raise_if_any()
