"""What every data check promises, whoever wrote it."""

from __future__ import annotations

from dataclasses import is_dataclass, replace

import pytest

from preceptor.core.ids import canonical_json
from preceptor.datasets.check import CheckContext, checks
from preceptor.datasets.record import make_record
from preceptor.datasets.run_checks import find_in
from preceptor.datasets.types import Record
from preceptor.models.types import Message

HOSTILE = (
    "",
    " ",
    "\x00",
    "a" * 10_000,
    "word " * 5_000,
    "👍 \u202e \u200b",
    "<script>",
    "ada@example.org",
    "'; DROP TABLE",
)


def make_records() -> list[Record]:
    records = [make_record("sft", ()), make_record("preference", ()), make_record("sft", ())]
    for text in HOSTILE:
        turns = (Message(role="user", content=text), Message(role="assistant", content=text))
        records += [
            replace(make_record("sft", turns), split="train", group=text),
            replace(make_record("sft", turns[::-1]), split="test", group=text),
            make_record("preference", turns[:1], text, text),
        ]
    return records


@pytest.fixture(params=checks.names())
def check(request):
    return checks.create(request.param)


def test_a_check_is_a_frozen_dataclass_with_a_version_and_a_docstring(check):
    assert is_dataclass(check)
    assert type(check).__dataclass_params__.frozen
    assert check.version >= 1
    assert ">>>" in (type(check).__doc__ or "")


def test_no_records_have_no_findings(check):
    assert find_in(check, [], CheckContext(eval_texts={"a": "text"})) == []


@pytest.mark.parametrize("eval_texts", [{}, {f"case {place}": text for place, text in enumerate(HOSTILE)}])
def test_hostile_records_are_judged_not_stumbled_over(check, eval_texts):
    """One finding a record, in their order, with the record's id and a reason; evidence is JSON."""
    records, context = make_records(), CheckContext(eval_texts=eval_texts)
    findings = find_in(check, records, context)
    indexes = [finding.index for finding in findings if finding.record_id]
    assert indexes == sorted(set(indexes))
    for finding in findings:
        if not finding.record_id:
            continue
        assert records[finding.index].id == finding.record_id
        assert finding.reason
        canonical_json(finding.evidence)


def test_the_same_records_give_the_same_findings(check):
    context = CheckContext(eval_texts={f"case {place}": text for place, text in enumerate(HOSTILE)})
    assert find_in(check, make_records(), context) == find_in(check, make_records(), context)


def test_what_is_missing_is_a_sentence_or_none(check):
    missing = check.missing(CheckContext())
    assert missing is None or missing
