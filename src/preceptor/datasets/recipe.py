"""A dataset recipe: which labels, which wanted answers, which checks and splits make a version."""

from __future__ import annotations

from dataclasses import dataclass, field

from preceptor.core.documents import Document, load
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.check import checks
from preceptor.datasets.run_checks import DEFAULT_ENTRIES, CheckEntry
from preceptor.datasets.split import SplitPlan
from preceptor.datasets.types import RecordKind


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How labels become training records.

    An answer is the wanted answer of `references` (a JSONL file with `item` and the answer's
    fields) with the resolved label in `label_field`, written as JSON in the order of
    `answer_fields`. The prompt is that of `target`. Items of the suites in `against` are kept
    out. `checks` are `kind`, settings and `blocks` (true unless said otherwise).
    """

    name: str
    rubric: str
    target: str
    references: str
    label_field: str
    answer_fields: tuple[str, ...]
    licence: str
    language: str = "en"
    description: str = ""
    collection: str = ""
    limitations: tuple[str, ...] = ()
    kinds: tuple[RecordKind, ...] = ("sft", "preference")
    splits: SplitPlan = field(default_factory=SplitPlan)
    checks: tuple[JsonObject, ...] = ()
    against: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a label that no answer would carry."""
        if self.label_field not in self.answer_fields:
            raise InputError(f"label_field {self.label_field!r} is not one of answer_fields {self.answer_fields!r}")


def load_recipe(document: Document) -> Recipe:
    """The recipe in a definition file; InputError with every mistake and its line."""
    recipe = load(Recipe, document)
    problems = document.problems()
    for index, entry in enumerate(recipe.checks):
        checks.construct(str(entry.get("kind")), _settings(entry), problems, ("checks", index))
        if not isinstance(entry.get("blocks", True), bool):
            problems.add(("checks", index, "blocks"), f"is {entry['blocks']!r}; write true or false")
    problems.raise_if_any()
    return recipe


def recipe_checks(recipe: Recipe) -> tuple[CheckEntry, ...]:
    """The recipe's checks in its order; every check there is, blocking, where it names none."""
    if not recipe.checks:
        return DEFAULT_ENTRIES
    return tuple(
        CheckEntry(kind=str(entry["kind"]), blocks=entry.get("blocks") is not False, settings=_settings(entry))
        for entry in recipe.checks
    )


def _settings(entry: JsonObject) -> JsonObject:
    return {key: value for key, value in entry.items() if key not in {"kind", "blocks"}}
