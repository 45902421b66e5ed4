"""Records that mean the same are pointed to, never dropped."""

from __future__ import annotations

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.semantic_duplicate import SemanticDuplicate
from preceptor.datasets.run_checks import conclude_check, find_in
from preceptor.datasets.semantic_neighbours import iter_neighbours


@pytest.mark.parametrize("size", [1, 3, 100])
def test_neighbours_are_those_of_comparing_each_with_all_kept(size):
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(60, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[7] = 0
    kept, expected = [], {}
    for place, vector in enumerate(vectors):
        cosines = [(float(vector @ vectors[other]), other) for other in kept]
        best = max(cosines, default=(-1, -1))
        if best[0] >= 0.9:
            expected[place] = best[1]
        elif vector.any():
            kept.append(place)
    found = iter_neighbours((vectors[at : at + size] for at in range(0, 60, size)), 0.9)
    assert {one.place: one.kept for one in found} == expected


def test_a_rephrased_record_is_pointed_to(sft):
    pytest.importorskip("wordllama")
    records = [
        sft("How can I get my money back?", "Open Billing and choose Refund."),
        sft("What is the weather in Paris?", "Sunny."),
        sft("How can I get the money back?", "Open Billing, then choose Refund."),
    ]
    (found,) = find_in(SemanticDuplicate(threshold=0.9), records, CheckContext())
    assert (found.index, found.evidence["other_index"]) == (2, 0)
    assert SemanticDuplicate.fix == "none"


def test_too_many_records_are_not_looked_at(sft):
    pytest.importorskip("wordllama")
    found = conclude_check(SemanticDuplicate(max_records=1), list(iter_batches([sft("a", "b")] * 2)), CheckContext())
    assert found.reason.startswith("2 records are more than the 1 of max_records")


def test_wrong_settings_are_refused():
    with pytest.raises(InputError, match="threshold"):
        SemanticDuplicate(threshold=0.2)
