"""Preference sanity: what tells the chosen answer apart is not length, place, flattery, or nothing."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.preference_sanity import PreferenceSanity
from preceptor.datasets.read_records import parse_record
from preceptor.datasets.run_checks import conclude_check, find_in
from preceptor.datasets.types import RankedAnswer, Record


def concluded(records, **settings):
    return conclude_check(PreferenceSanity(**settings), list(iter_batches(records)), CheckContext())


def test_equal_answers_are_found_record_by_record(preference):
    records = [preference("a", "Yes!  ", "yes!"), preference("a", "yes", "no")]
    (finding,) = find_in(PreferenceSanity(), records, CheckContext())
    assert (finding.index, finding.record_id) == (0, records[0].id)


def test_a_ranking_counts_as_its_best_and_worst_answer():
    ranked = tuple(RankedAnswer(text=text, rank=rank) for text, rank in (("b", 2), ("same", 1), ("SAME", 3)))
    (finding,) = find_in(
        PreferenceSanity(), [Record(id="r", kind="ranking", messages=(), ranked=ranked)], CheckContext()
    )
    assert finding.reason == "the chosen and the rejected answer say the same"


def test_the_longer_answer_winning_is_a_finding_about_the_dataset(preference):
    """90 of 100: Wilson's interval is [.826, .945] (Newcombe 1998's formula), all above .65."""
    records = [preference(str(number), "a long answer", "short") for number in range(90)]
    records += [preference(str(number), "short", "a long answer") for number in range(90, 100)]
    found = concluded(records)
    (finding,) = found.findings
    assert (finding.record_id, finding.index) == ("", None)
    assert finding.reason == (
        "the chosen answer is the longer one in 90.0% of 100 pairs [82.6%, 94.5%]; without a bias it is one half"
    )
    assert concluded(records, max_length_bias=0.35).findings == []


def test_pairs_of_one_length_say_nothing_about_length(preference):
    figures = concluded([preference("a", "one", "two"), preference("b", "one", "fours")]).figures
    assert figures["chosen_longer"]["n"] == 1


def test_the_length_effect_is_the_standardised_mean_of_the_log_ratios(preference):
    """Lengths 3:1, 1:1 and 3:1, each plus one: logs ln 2, 0, ln 2; mean .4621, deviation .4002: 1.1547."""
    records = [preference("a", "abc", "x"), preference("b", "y", "x"), preference("c", "abd", "x")]
    assert concluded(records).figures["length_effect"]["value"] == pytest.approx(1.1547, abs=1e-4)


def test_the_answer_that_was_shown_first_winning_is_a_finding(preference):
    records = [
        preference(str(number), "good", "bads", metadata={"shown_first": "chosen" if number < 80 else "rejected"})
        for number in range(100)
    ]
    (finding,) = concluded(records).findings
    assert finding.reason.startswith("the chosen answer was shown first in 80.0% of 100 pairs")
    assert concluded([replace(record, metadata={}) for record in records]).figures["chosen_shown_first"]["n"] == 0


def test_flattery_that_wins_is_a_finding(preference):
    records = [
        preference(str(number), "You're absolutely right! It is 5.", "No, 2 + 2 gives four; look.")
        for number in range(60)
    ]
    records += [
        preference(str(number), "It is 4, as I said before to you.", "Great question! Four, I think so")
        for number in range(60, 70)
    ]
    (finding,) = concluded(records, max_length_bias=0.5).findings
    assert finding.reason.startswith("chosen answers open with praise or agreement more often")
    assert finding.evidence == {"chosen_only": 60, "rejected_only": 10, "n": 70}


def test_pairs_that_differ_in_one_word_are_counted(preference):
    """19 of 21 different words are shared: .905."""
    long = " ".join(f"w{number}" for number in range(19))
    records = [preference(str(number), f"{long} yes", f"{long} nos") for number in range(50)]
    found = concluded(records)
    assert found.figures["near_identical"]["count"] == 50
    assert [finding.reason for finding in found.findings] == ["in 100.0% of pairs the answers differ in few words"]


def test_without_pairs_it_says_so(sft):
    assert concluded([sft("a", "b")]).reason == "there are no pairs of answers"


@pytest.mark.parametrize("settings", [{"max_length_bias": 0.6}, {"near_identical": 2}, {"shown_first": "first"}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError):
        PreferenceSanity(**settings)


def _turns(text):
    parts = re.split(r"\n\n(Human|Assistant): ?", text)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [{"role": "user" if who == "Human" else "assistant", "content": said} for who, said in pairs]


@pytest.mark.shared_data
def test_hh_rlhf_prefers_the_shorter_answer_and_no_flattery(shared_data):
    """The harmless test split; that its raters like brevity (short refusals) is known: chosen longer in under half."""
    records = []
    with gzip.open(
        shared_data / "hh_rlhf_harmless_test" / "harmless-base_test.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        for line in lines:
            row = json.loads(line)
            pair = {name: _turns(row[name]) for name in ("chosen", "rejected")}
            if (
                all(turns and turns[-1]["role"] == "assistant" for turns in pair.values())
                and pair["chosen"] != pair["rejected"]
            ):
                records.append(pair)
    found = concluded([parse_record(pair) for pair in records if pair["chosen"][:-1] == pair["rejected"][:-1]])
    assert found.figures["num_pairs"] > 2_000
    assert found.findings == []
    longer = sum(len(pair["chosen"][-1]["content"]) > len(pair["rejected"][-1]["content"]) for pair in records)
    assert found.figures["chosen_longer"]["count"] == pytest.approx(longer, rel=0.02)
    assert found.figures["chosen_longer"]["interval"][1] < 0.5
