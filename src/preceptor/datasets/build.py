"""From records to a draft that can be committed: splits, checks and what the card says."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.core.ids import plain_object
from preceptor.datasets.check import CheckContext
from preceptor.datasets.recipe import Recipe, recipe_checks
from preceptor.datasets.run_checks import run_checks
from preceptor.datasets.split import assign_splits
from preceptor.datasets.types import DatasetDraft, DatasetNotes, Record
from preceptor.qc.types import Agreement


def build_draft(
    recipe: Recipe, records: Sequence[Record], eval_texts: dict[str, str], agreement: Agreement
) -> DatasetDraft:
    """The records in their splits, with what the recipe's checks found in them.

    `eval_texts` are the texts of the cases that must not stand in training data, by id.
    """
    split = assign_splits(records, recipe.splits)
    notes = DatasetNotes(
        title=recipe.name,
        description=recipe.description,
        collection=recipe.collection,
        agreement={recipe.rubric: agreement},
        limitations=recipe.limitations,
    )
    return DatasetDraft(
        name=recipe.name,
        records=split,
        checks=run_checks(split, recipe_checks(recipe), CheckContext(eval_texts=eval_texts)),
        notes=notes,
        settings=plain_object(recipe),
    )
