"""The eval cases that a recipe keeps out of its data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.datasets.eval_texts import read_eval_texts
from preceptor.datasets.recipe import Recipe

ENDINGS = (".jsonl", ".json", ".csv", ".tsv", ".parquet")


def _no_suite(name: str) -> dict[str, str]:
    raise InputError(f"no suite {name!r} can be looked up here; name a file of cases")


def is_cases_file(entry: str) -> bool:
    """True when an entry of `against` names a file of cases, not a suite.

    >>> is_cases_file("evals.jsonl"), is_cases_file("support")
    (True, False)
    """
    return entry.lower().endswith(ENDINGS)


def against_texts(
    recipe: Recipe, folder: Path, suite_texts: Callable[[str], dict[str, str]] = _no_suite
) -> dict[str, str]:
    """The texts of all cases that the recipe is against, by their ids.

    An entry that ends like a file of cases is one, relative to `folder`; any other is a suite, whose
    texts `suite_texts` gives. Of cases of one id in several places, all are kept: the later ones under
    the entry's name as well.
    """
    texts: dict[str, str] = {}
    for entry in recipe.against:
        found = read_eval_texts(folder / entry) if is_cases_file(entry) else suite_texts(entry)
        for number, text in found.items():
            texts[number if texts.get(number, text) == text else f"{entry}: {number}"] = text
    return texts
