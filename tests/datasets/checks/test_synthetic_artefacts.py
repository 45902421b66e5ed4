"""Synthetic artefacts: what shows that nobody wrote, or read, the answers."""

from __future__ import annotations

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.synthetic_artefacts import SyntheticArtefacts
from preceptor.datasets.normal_text import words
from preceptor.datasets.run_checks import conclude_check

WORDS = words(
    "order refund parcel late login plan seat tax voucher broken today we you it is on the way soon please wait"
)


def concluded(records, **settings):
    return conclude_check(SyntheticArtefacts(**settings), list(iter_batches(records)), CheckContext())


def plain_answers(count, seed=0):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, 20)) for _ in range(count)]


@pytest.mark.parametrize(
    "answer",
    [
        "As an AI language model, I cannot have a cat.",
        "I would love to, but as an AI, I have none.",
        "I'm an AI assistant and do not eat.",
        "My knowledge cutoff is in 2023.",
        "That is against OpenAI's content policy.",
        "Dear [Your Name], thank you.",
        "Here is a rewritten version: yes.",
    ],
)
def test_boilerplate_is_found(sft, answer):
    (finding,) = concluded([sft("a", answer)]).findings
    assert finding.index == 0
    assert finding.evidence["phrase"] in answer


@pytest.mark.parametrize(
    "answer",
    ["The AI model of the shop is new.", "Use it as an aid.", "list[int] and [your_list]", "I am aiming for it."],
)
def test_talk_about_models_is_no_boilerplate(sft, answer):
    assert concluded([sft("a", answer)]).findings == []


def test_boilerplate_counts_only_where_it_is_learnt(preference, sft):
    bad = "As an AI language model, I cannot."
    assert concluded([preference("a", "yes", bad), sft(bad, "no")]).findings == []


def test_an_opening_that_a_fifth_of_the_answers_share_is_told(sft):
    """40 of 200: [.1505, .2609] by Wilson, above .1; of 25, [.086, .178], it is not told."""
    answers = plain_answers(200)
    opened = [f"Certainly! Here is the {answer}" if place < 40 else answer for place, answer in enumerate(answers)]
    (finding,) = concluded([sft(str(place), answer) for place, answer in enumerate(opened)]).findings
    assert finding.reason == "20.0% of 200 answers begin with “certainly! here is the” [15.0%, 26.1%]"
    fewer = [f"Certainly! Here is the {answer}" if place < 25 else answer for place, answer in enumerate(answers)]
    found = concluded([sft(str(place), answer) for place, answer in enumerate(fewer)])
    assert found.findings == []
    assert found.figures["openings"][0]["opening"] == "certainly! here is the"


def test_answers_from_one_mould_are_told(sft):
    mould = "{} is a thing that everybody should know about because it makes life easier and better for all of us"
    records = [sft(str(place), mould.format(f"w{place}")) for place in range(60)]
    found = concluded(records, sample=50)
    (finding,) = found.findings
    assert "a sample of 50 answers has a self-BLEU of 0.9" in finding.reason
    assert found.figures["distinct_1"] < 0.1


def test_the_sample_is_the_same_in_any_order(sft):
    records = [sft(str(place), answer) for place, answer in enumerate(plain_answers(80))]
    figures = concluded(records, sample=20).figures
    turned = concluded(records[::-1], sample=20).figures
    assert figures["sample"] == 20
    assert turned["self_bleu"] == pytest.approx(figures["self_bleu"])


def test_more_synthetic_records_than_the_cap_are_told(sft):
    records = [
        sft(str(place), answer, generator="m" if place < 6 else None) for place, answer in enumerate(plain_answers(10))
    ]
    (finding,) = concluded(records, max_synthetic_share=0.5).findings
    assert finding.reason == "60.0% of the records are synthetic, at most 50.0% are allowed"
    assert concluded(records, max_synthetic_share=0.6).findings == []


def test_records_without_answers_are_nothing_to_look_at():
    assert concluded([]).reason == "no record has an answer to learn"


@pytest.mark.parametrize(
    "settings", [{"opening_words": 0}, {"sample": 1}, {"max_self_bleu": 2}, {"max_synthetic_share": -1}]
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError):
        SyntheticArtefacts(**settings)
