"""Split leakage: whatever two records share, it must not stand in two splits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.split_leakage import SplitLeakage
from preceptor.datasets.run_checks import conclude_check, find_in

NOTHING = CheckContext()
TEMPLATE = "Please write a kind reply to the customer {} who asks where the order {} is and why it takes so long"


def shared(records, **settings):
    return [
        (finding.index, finding.evidence["shared"]) for finding in find_in(SplitLeakage(**settings), records, NOTHING)
    ]


@pytest.mark.parametrize("field", ["conversation", "user"])
def test_a_conversation_and_a_user_of_the_metadata_must_stay_together(sft, field):
    records = [
        sft("one thing", "1", split="train", metadata={field: "c1"}),
        sft("other thing", "2", split="test", metadata={field: "c1"}),
        sft("third thing", "3", split="test", metadata={field: "c2"}),
    ]
    assert shared(records) == [(1, field)]


def test_the_fields_are_settings_and_numbers_will_do(sft):
    records = [sft(split, "1", split=split, metadata={"customer": {"id": 7}}) for split in ("train", "test")]
    assert shared(records, user_field="metadata.customer.id") == [(1, "user")]


def test_the_same_value_in_two_fields_is_not_shared(sft):
    records = [sft("one", "1", split="train", group="7"), sft("other", "2", split="test", metadata={"user": "7"})]
    assert shared(records) == []


def test_a_template_filled_in_otherwise_leaks(sft):
    records = [
        sft(TEMPLATE.format("Ada Lovelace", "4711"), "1", split="train"),
        sft(TEMPLATE.format("Bob", "12-99"), "2", split="test"),
        sft(TEMPLATE.format("bob", "x"), "3", split="test"),
    ]
    assert shared(records) == [(1, "template")]
    assert shared(records, by=("prompt",)) == []


def test_short_prompts_that_differ_in_numbers_do_not_leak(sft):
    """Sums are not a template: fewer than 12 words of them are the same."""
    assert shared([sft("What is 2 + 2?", "4", split="train"), sft("What is 3 + 5?", "8", split="test")]) == []


def test_a_record_that_leaks_twice_is_found_once_by_the_wider_thing(sft):
    records = [sft("a", "1", split="train", group="g"), sft("a", "2", split="test", group="g")]
    conclusion = conclude_check(SplitLeakage(), list(iter_batches(records)), NOTHING)
    assert [finding.evidence["shared"] for finding in conclusion.findings] == ["group"]
    assert conclusion.figures["leaking_records_by"] == {
        "group": 1,
        "conversation": 0,
        "user": 0,
        "template": 0,
        "prompt": 1,
    }


def test_records_without_a_split_are_passed_over(sft):
    first = sft("a", "1", group="g")
    assert shared([replace(first, split="train"), first, replace(first, split="train")]) == []


def test_other_scripts_are_compared_as_they_are_normalised(sft):
    assert shared(
        [sft("\uff28\uff25\uff2c\uff2c\uff2f Ärger", "1", split="train"), sft("hello  ärger", "2", split="test")]
    ) == [(1, "prompt")]


@pytest.mark.parametrize(
    "settings", [{"by": ()}, {"by": ("prompt", "prompt")}, {"min_template_words": 0}, {"user_field": "user"}]
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError):
        SplitLeakage(**settings)
