"""Near split leakage: only near duplicates that the split parts are told."""

from __future__ import annotations

from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.near_split_leakage import NearSplitLeakage
from preceptor.datasets.run_checks import find_in

LONG = " ".join(f"word{number}" for number in range(60))


def test_a_near_duplicate_leaks_only_into_another_split(sft):
    """One word of 61 more: 57 runs of five words, of which the second record has one more in 58: .983."""
    records = [
        sft(LONG, "ok then", split="train"),
        sft(LONG, "ok then now", split="train"),
        sft(LONG, "ok then friend", split="test"),
        sft(LONG, "ok then all"),
        sft("nothing like it, nothing at all", "no", split="test"),
    ]
    (finding,) = find_in(NearSplitLeakage(), records, CheckContext())
    assert (finding.index, finding.evidence["record"], finding.evidence["splits"]) == (
        2,
        records[0].id,
        ["train", "test"],
    )
