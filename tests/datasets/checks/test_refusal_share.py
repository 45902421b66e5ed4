"""Refusal share: the share of learnt answers that refuse, against a band."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.refusal_share import RefusalShare
from preceptor.datasets.refusals import find_refusals
from preceptor.datasets.run_checks import conclude_check
from preceptor.grading.refusal_phrases import find_refusal

NO = "I'm sorry, but I can't help with that."


def concluded(records, **settings):
    return conclude_check(RefusalShare(**settings), list(iter_batches(records)), CheckContext())


def test_only_learnt_answers_count(sft, preference):
    """The rejected refusal is not learnt: 1 of 2."""
    figures = concluded([sft("a", NO), preference("b", "yes", NO)]).figures
    assert (figures["refusals"]["count"], figures["refusals"]["n"]) == (1, 2)


def test_a_share_counts_only_when_its_whole_interval_lies_outside(sft):
    """Of 100 answers 30: [.219, .396] by Wilson."""
    records = [sft(str(number), NO if number < 30 else "yes") for number in range(100)]
    assert concluded(records, max_share=0.22).findings == []
    (finding,) = concluded(records, max_share=0.21).findings
    assert finding.reason == "30.0% of 100 answers refuse [21.9%, 39.6%], wanted are 0% to 21%"
    assert len(finding.evidence["examples"]) == 5
    (finding,) = concluded(records, min_share=0.5, max_share=1.0).findings
    assert "wanted are 50% to 100%" in finding.reason


def test_without_answers_it_says_so():
    assert concluded([]).reason == "no record has an answer to learn"


def test_a_band_must_be_one():
    with pytest.raises(InputError, match="no band"):
        RefusalShare(min_share=0.5, max_share=0.2)


@pytest.mark.shared_data
def test_the_quick_look_loses_no_refusal(shared_data):
    """On all completions of XSTest's prompts, safe and unsafe: the same phrases as the slow search finds."""
    answers = []
    for path in sorted((shared_data / "xstest" / "model_completions").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            answers += [row["completion"] for row in csv.DictReader(stream) if row.get("completion")]
    slowly = {place: phrase for place, answer in enumerate(answers) if (phrase := find_refusal(answer)) is not None}
    assert len(slowly) > 100
    assert find_refusals(pa.array(answers, pa.large_string())) == slowly
