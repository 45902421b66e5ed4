"""Toxicity: swearing is found where it stands, and the quick form of the model is the model."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.toxicity import Toxicity
from preceptor.datasets.profanity_model import profanity_probabilities
from preceptor.datasets.run_checks import conclude_check, find_in

INSULT = "you fucking idiot"


def test_the_worst_text_is_named(sft, preference):
    records = [
        sft("thanks", f"Go away, {INSULT}"),
        sft("thank you", "my pleasure"),
        preference(INSULT, "I am sorry.", "no"),
    ]
    found = find_in(Toxicity(), records, CheckContext())
    assert [(finding.index, finding.evidence["field"]) for finding in found] == [
        (0, "messages[1].content"),
        (2, "messages[0].content"),
    ]


def test_an_insult_does_not_drown_in_a_long_conversation(sft):
    friendly = "Thank you for the kind and patient explanation of the whole matter. " * 50
    assert len(find_in(Toxicity(), [sft(friendly, INSULT)], CheckContext())) == 1


def test_only_answers_are_judged_where_that_is_asked(sft):
    records = [sft(INSULT, "I am sorry."), sft("hello", INSULT)]
    (finding,) = find_in(Toxicity(text="answer"), records, CheckContext())
    assert (finding.index, finding.evidence["field"]) == (1, "the answer")


def test_the_figure_is_the_share_of_all_records(sft):
    records = [sft("a", INSULT), *(sft(str(number), "fine") for number in range(3))]
    figures = conclude_check(Toxicity(), list(iter_batches(records)), CheckContext()).figures
    assert (figures["toxic"]["share"], figures["toxic"]["n"]) == (0.25, 4)


def test_records_without_text_are_not_toxic():
    assert profanity_probabilities(pa.array([], pa.large_string())).tolist() == []
    assert (profanity_probabilities(pa.array(["", "\x00", " \x00 \x00 "], pa.large_string())) < 0.1).all()


@pytest.mark.shared_data
def test_the_compiled_words_give_the_packages_own_probabilities(shared_data):
    """On XSTest's prompts and odd texts; the two differ by rounding only."""
    import profanity_check

    with (shared_data / "xstest" / "xstest_prompts.csv").open(encoding="utf-8", newline="") as stream:
        texts = [row["prompt"] for row in csv.DictReader(stream)]
    texts += ["", "a_b C", "café ÉCOLE", INSULT.upper(), "don’t", "…"]
    ours = profanity_probabilities(pa.array(texts, pa.large_string()))
    assert ours.tolist() == pytest.approx(profanity_check.predict_prob(texts).tolist(), abs=1e-12)


@pytest.mark.parametrize("threshold", [0, 1.5])
def test_a_threshold_is_a_probability(threshold):
    with pytest.raises(InputError, match="threshold"):
        Toxicity(threshold=threshold)
