"""From the answers of many annotators to one label an item, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from preceptor.core.ids import content_id
from preceptor.core.registry import PluginIdentity
from preceptor.qc.aggregator import Aggregator, ItemAnswer
from preceptor.qc.replicates import given
from preceptor.qc.types import Label, Resolution, Unresolved


def resolve(answers: Sequence[ItemAnswer], aggregator: Aggregator) -> list[Label | Unresolved]:
    """One result an item, in the order in which items first appear; an item without an answer is unresolved.

    Missing answers (None, empty text) are left out before the aggregator sees them. Raises
    InputError where an annotator gave one item two different answers and the aggregator
    counts only one from each.
    """
    results = {result.item: result for result in aggregator.aggregate(given(answers))}
    items = dict.fromkeys(answer.item for answer in answers)
    return [results.get(item) or Unresolved(item=item, reason="no answers", num_answers=0) for item in items]


def as_resolutions(
    results: Sequence[Label | Unresolved], task_ids: Mapping[str, str], aggregator: PluginIdentity, at: datetime
) -> list[Resolution]:
    """The results as they are kept: `task_ids` gives the task of each item."""
    resolutions = []
    for result in results:
        task_id = task_ids[result.item]
        content = {"task_id": task_id, "result": result, "aggregator": aggregator}
        resolutions.append(
            Resolution(
                id=content_id("label", content), task_id=task_id, result=result, aggregator=aggregator, created_at=at
            )
        )
    return resolutions
