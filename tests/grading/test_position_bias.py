"""What both orders say of a pairwise judge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preceptor.core.json_values import JsonObject
from preceptor.grading.position_bias import position_bias

# Cells: set and evaluator; SOURCE.md says that each folder's statistics.json holds the published counts.
EVALUATORS = [
    "GPT-4/CoT",
    "GPT-4/Metrics_Reference",
    "GPT-4/Vanilla",
    "GPT-4/Vanilla_NoRules",
    "ChatGPT/CoT",
    "ChatGPT/Metrics_Reference",
    "ChatGPT/Vanilla",
]


def verdicts(ours: str, other: str, count: int = 1) -> list[JsonObject]:
    return [{"output_first": ours, "other_first": other}] * count


def test_consistency_and_the_preferred_place_by_hand():
    """Ten pairs: five agree, three for the first place, one for the second, one with a single tie."""
    bias = position_bias(
        verdicts("output", "output", 3)
        + verdicts("tie", "tie", 2)
        + verdicts("output", "other", 3)
        + verdicts("other", "output")
        + verdicts("tie", "output")
    )
    assert (bias.num_pairs, bias.num_consistent, bias.num_first, bias.num_second) == (10, 5, 3, 1)
    assert (bias.consistency, bias.first_share) == (0.5, 0.75)
    # Wilson, by hand: centre .5, half width z·√(.25/n + z²/4n²)/(1 + z²/n) with n = 10.
    assert bias.consistency_interval == pytest.approx((0.2366, 0.7634), abs=1e-4)
    # The same with 3 of 4.
    assert bias.first_share_interval == pytest.approx((0.3006, 0.9544), abs=1e-4)


def test_shares_of_nothing_are_none():
    bias = position_bias([{}, {"num_claims": 1}])
    assert (bias.num_pairs, bias.consistency, bias.consistency_interval) == (0, None, None)
    assert (bias.first_share, bias.first_share_interval) == (None, None)


@pytest.mark.shared_data
@pytest.mark.parametrize("evaluator", EVALUATORS)
def test_llmbar_swap_consistency_and_accuracy_equal_the_published_statistics(shared_data: Path, evaluator: str):
    """LLMBar Natural, 100 pairs a judge: `equal` and `correct_False`/`correct_True` of its statistics.json."""
    folder = shared_data / "llmbar/LLMBar/Natural/evaluators" / evaluator
    published = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    lines = (folder / "result_slim.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    details: list[JsonObject] = []
    right = {"swap = False": 0, "swap = True": 0}
    for row in rows:
        orders = row["results"][-1]
        for order in right:
            right[order] += orders[order]["winner"] == str(row["label"])
        # Both name the same answer: 1 is `output_1`, which stood first unless swapped; null is no verdict.
        named = {"1": "output", "2": "other"}
        first, swapped = (named.get(orders[order]["winner"], f"none in {order}") for order in right)
        details.append({"output_first": first, "other_first": swapped})
    bias = position_bias(details)
    assert published["equal"].startswith(f"{bias.num_consistent} / {bias.num_pairs} =")
    assert published["correct_False"].startswith(f"{right['swap = False']} / {len(rows)} =")
    assert published["correct_True"].startswith(f"{right['swap = True']} / {len(rows)} =")
