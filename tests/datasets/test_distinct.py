"""Distinct texts are counted exactly while they are few, and closely when they are many."""

from __future__ import annotations

from preceptor.datasets.distinct import DistinctCount


def counted(texts, kept=64):
    count = DistinctCount(kept)
    count.add(texts)
    return count


def test_few_are_counted_exactly():
    count = counted([str(n % 64) for n in range(1_000)])
    assert (count.count, count.is_estimate) == (64, False)


def test_many_are_estimated_within_what_the_paper_says():
    """The relative error of the k-th smallest is 1 / sqrt(k - 2): 127 of 128 kept give ± 9 %, three of them 27 %."""
    count = counted((str(n) for n in range(50_000)), kept=128)
    assert count.is_estimate
    assert abs(count.count - 50_000) < 0.27 * 50_000


def test_the_estimate_does_not_depend_on_order_or_division():
    texts = [str(n) for n in range(5_000)]
    whole, parts = counted(texts), [counted(texts[:100]), counted(texts[50:4_000]), counted(texts[3_000:])]
    merged = DistinctCount(64)
    for part in reversed(parts):
        merged.merge(part)
    assert (merged.count, merged.is_estimate) == (whole.count, True)
