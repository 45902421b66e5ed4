"""Which sentences state facts."""

from __future__ import annotations

import time

import pytest

from preceptor.grading.claims import claims, is_claim, sentences, without_marks


def test_sentences_keep_abbreviations_decimals_and_marks_whole():
    text = "A refund takes 5.5 days, e.g. by card. [refunds] Dr. Smith approves it (source: terms)! Ok?"
    assert [found.text for found in sentences(text)] == [
        "A refund takes 5.5 days, e.g. by card. [refunds]",
        "Dr. Smith approves it (source: terms)!",
        "Ok?",
    ]


def test_lines_are_paragraphs_and_bullets_are_cut():
    found = sentences("- One is here.\n2. Two is here. It is 2.\n\n* Three is here.")
    assert [(sentence.text, sentence.paragraph) for sentence in found] == [
        ("One is here.", 0),
        ("Two is here.", 1),
        ("It is 2.", 1),
        ("Three is here.", 3),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Refunds take 5 days.",
        "Your plan includes email support.",
        "You must return the item first.",
        "Click the Billing tab below.",
        "Shipping costs $4.",
        "I have refunded 20 dollars.",
    ],
)
def test_facts_are_claims(sentence):
    assert is_claim(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Hi Ada Lovelace, welcome back!",
        "Thanks for contacting Acme Support today.",
        "Sorry that this is so slow.",
        "Which order is it?",
        "Let me know if it is not solved.",
        "Is there anything else?",
        "I have checked your order.",
        "I'm happy to look into it.",
        "Yes, sure.",
        "",
    ],
)
def test_courtesies_questions_and_what_the_speaker_does_are_no_claims(sentence):
    assert not is_claim(sentence)


def test_claims_come_without_marks_but_with_links():
    assert claims("Hello! Refunds take 5 days [a][b]. See [our terms](https://x.example) for the 30 days.") == [
        "Refunds take 5 days.",
        "See [our terms](https://x.example) for the 30 days.",
    ]


@pytest.mark.parametrize(
    "text", ["." * 100_000 + "x", " " * 100_000 + "x", "a. [" * 30_000, "[a] " * 30_000, "-" * 100_000]
)
def test_hostile_texts_take_no_time(text):
    start = time.process_time()
    claims(text)
    without_marks(text)
    assert time.process_time() - start < 5
