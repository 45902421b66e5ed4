"""Provenance: what is required is there, and what is synthetic says what was asked."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.provenance import Provenance
from preceptor.datasets.run_checks import conclude_check, find_in

FULL = {"source": "forum", "licence": "MIT"}


def test_each_record_is_told_what_it_lacks(sft):
    records = [sft("a", "1", **FULL), sft("a", "2", source="forum"), sft("a", "3", source=" ", licence="MIT")]
    found = find_in(Provenance(), records, CheckContext())
    assert [(finding.index, finding.reason) for finding in found] == [
        (1, "does not say its licence"),
        (2, "does not say its source"),
    ]


def test_required_fields_are_a_setting(sft):
    record = sft("a", "1", consent="contract", annotators=("ada",))
    check = Provenance(required=("consent", "annotators", "source_ids"))
    assert [finding.evidence["lacking"] for finding in find_in(check, [record], CheckContext())] == [["source_ids"]]
    with pytest.raises(InputError, match="required names 'id'"):
        Provenance(required=("id",))


def test_one_required_field_and_none_work_too(sft):
    assert len(find_in(Provenance(required=("source",)), [sft("a", "1")], CheckContext())) == 1
    assert find_in(Provenance(required=()), [sft("a", "1")], CheckContext()) == []


def test_a_synthetic_record_without_the_hash_of_its_prompt_is_found(sft):
    records = [sft("a", "1", generator="m", **FULL), sft("a", "2", generator="m", generator_prompt="0" * 64, **FULL)]
    (finding,) = find_in(Provenance(), records, CheckContext())
    assert (finding.index, finding.reason) == (0, "does not say its generator prompt")
    assert find_in(Provenance(generator_prompt=False), records, CheckContext()) == []


def test_the_figures_give_the_share_that_lacks_each_field(sft):
    """1 of 4; Wilson's interval by hand: centre (0.25 + 0.4802) / 1.9604, half 0.3224."""
    records = [sft("a", "1", source="forum"), *(sft("a", str(number), **FULL) for number in range(3))]
    figures = conclude_check(Provenance(), list(iter_batches(records)), CheckContext()).figures
    assert figures["lacking"]["licence"] == {"share": 0.25, "count": 1, "n": 4, "interval": [0.0456, 0.6994]}
