"""Instructions kept and broken; each expected verdict is read off the text by hand."""

from __future__ import annotations

import time

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.instructions import Instructions
from preceptor.grading.ifeval_instructions import IFEVAL_INSTRUCTIONS
from preceptor.grading.instruction_check import instruction_checks
from preceptor.grading.instruction_list import read_instructions
from preceptor.grading.types import Sample

# Id of the instruction, its settings, a text that keeps it and one that breaks it.
BY_HAND = [
    ("keywords:existence", {"keywords": ["tea", "milk"]}, "Tea with MILK.", "Tea alone."),
    ("keywords:frequency", {"keyword": "tea", "frequency": 2, "relation": "at least"}, "Tea, tea.", "Tea."),
    ("keywords:frequency", {"keyword": "tea", "frequency": 2, "relation": "less than"}, "Tea.", "Tea, tea."),
    ("keywords:forbidden_words", {"forbidden_words": ["art"]}, "A start.", "Art, at last."),
    ("keywords:letter_frequency", {"letter": "q", "let_frequency": 2, "let_relation": "at least"}, "Quiz q", "Quiz"),
    ("language:response_language", {"language": "de"}, "Das ist nicht der Weg.", "This is not the way."),
    ("length_constraints:number_sentences", {"num_sentences": 2, "relation": "at least"}, "Yes. No!", "Dr. Lee."),
    ("length_constraints:number_sentences", {"num_sentences": 3, "relation": "less than"}, "One. Two", "Ab. Cd. Ef"),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "One\n***\nTwo", "One\n\nTwo"),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "One ***\nTwo***", "One\n***\n***\nTwo"),
    ("length_constraints:number_words", {"num_words": 3, "relation": "at least"}, "one two three", "one two"),
    ("length_constraints:number_words", {"num_words": 3, "relation": "less than"}, "one two", "one two three"),
    (
        "length_constraints:nth_paragraph_first_word",
        {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "then"},
        'First.\n\n"Then," he said.',
        "First.\n\nThen.\n\nThird.",
    ),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}, "[name], [city]", "[name\n]"),
    ("detectable_content:postscript", {"postscript_marker": "P.S."}, "Bye\np. s. more", "Bye. PS more"),
    ("detectable_content:postscript", {"postscript_marker": "P.P.S"}, "Bye\nP.P.S. more", "Bye\nP.S. more"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, "* a\n  - b\n**c**", "- a\n- b\n- c"),
    ("detectable_format:constrained_response", {}, "My answer is maybe.", "Maybe."),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, "*a* and **b**", "*a* ** *\nb*"),
    ("detectable_format:multiple_sections", {"section_spliter": "Day", "num_sections": 2}, "Day 1 x Day 2 y", "Day 1"),
    ("detectable_format:json_format", {}, '```json\n{"a": [1]}\n```', 'Here: {"a": 1}'),
    ("detectable_format:title", {}, "<<Ode>>\nx", "<< >>\nx"),
    ("combination:two_responses", {}, "Yes.******No.", "Yes.\n******\nYes."),
    ("combination:repeat_prompt", {"prompt_to_repeat": "Say it."}, " say IT. It.", "It. Say it."),
    ("startend:end_checker", {"end_phrase": "Any more?"}, '"No. any more?"', "Any more? No."),
    ("startend:quotation", {}, ' "Yes." ', '"'),
    (
        "change_case:capital_word_frequency",
        {"capital_frequency": 2, "capital_relation": "at least"},
        "NASA, I",
        "NaSA I",
    ),
    ("change_case:capital_word_frequency", {"capital_frequency": 2, "capital_relation": "less than"}, "NASA a", "I, A"),
    ("change_case:english_capital", {}, "THIS IS IT.", "This is it."),
    ("change_case:english_capital", {}, "THIS IS THE WAY.", "DAS IST NICHT DER WEG."),
    ("change_case:english_lowercase", {}, "this is it: 42.", "This is it."),
    ("punctuation:no_comma", {}, "Yes and no.", "Yes, no."),
]


def kept(instruction, settings, text, mode="strict"):
    target = {"instruction_id_list": [instruction], "kwargs": [settings]}
    return Instructions(mode=mode).grade(Sample(output=text, target=target)).value


@pytest.mark.parametrize(("instruction", "settings", "good", "bad"), BY_HAND, ids=[row[0] for row in BY_HAND])
def test_an_instruction_of_ifeval(instruction, settings, good, bad):
    assert kept(instruction, settings, good) == 1.0
    assert kept("en:" + instruction, {**settings, "unused": None}, bad) == 0.0


def test_every_instruction_of_ifeval_is_tried():
    assert {row[0] for row in BY_HAND} == IFEVAL_INSTRUCTIONS
    assert len(IFEVAL_INSTRUCTIONS) == 25


def test_checks_by_plain_name_and_the_share_that_holds():
    checks = (
        {"check": "characters", "at_most": 10},
        {"check": "words", "at_least": 1, "at_most": 2},
        {"check": "forbidden_characters", "characters": "!"},
        {"check": "starts_with", "text": "dear"},
    )
    score = Instructions(checks=checks).grade(Sample(output="Dear John!"))
    assert score.value == 0.0
    assert score.reason == "forbidden_characters: contains '!'"
    assert score.dimensions == {"share": 0.75}
    assert score.details["instructions"][2] == {"instruction": "forbidden_characters", "is_kept": False}


@pytest.mark.parametrize(
    ("text", "strict", "loose"),
    [
        ('Sure, here it is:\n"Yes."', 0.0, 1.0),
        ('"Yes."\nHope that helps', 0.0, 1.0),
        ('Sure:\n"Yes."\nBye', 0.0, 1.0),
        ('**"Yes."**', 0.0, 1.0),
        ('*Sure*\n**"Yes."**\nBye', 0.0, 1.0),
        ("Sure\nYes\nBye", 0.0, 0.0),
        ('"Yes."', 1.0, 1.0),
    ],
)
def test_loose_forgives_an_introduction_a_farewell_and_asterisks(text, strict, loose):
    assert kept("startend:quotation", {}, text) == strict
    assert kept("startend:quotation", {}, text, mode="loose") == loose


def test_loose_never_finds_an_instruction_kept_by_nothing():
    """Cutting the only line leaves no text, which has no comma but is no answer."""
    assert kept("punctuation:no_comma", {}, "Yes, sir.", mode="loose") == 0.0


@pytest.mark.parametrize("mode", ["strict", "loose"])
def test_an_empty_output_keeps_nothing(mode):
    assert kept("punctuation:no_comma", {}, " \n", mode=mode) == 0.0


def test_the_case_may_list_the_checks_in_several_ways():
    check = {"check": "words", "at_most": 1}
    for target in ([check], {"checks": [check]}):
        assert Instructions().grade(Sample(output="two words", target=target)).value == 0.0
    sample = Sample(output="two words", metadata={"rules": [check, "quoted"]})
    assert Instructions(case_path="metadata.rules").grade(sample).dimensions == {"share": 0.0}


@pytest.mark.parametrize(
    "target",
    [None, "text", [], {}, [{"check": "no_such"}], [{"check": 5}], [{"check": "words"}], [{"check": "a:b"}],
     [{"check": "words", "at_most": "5"}], {"instruction_id_list": ["punctuation:no_comma"], "kwargs": []},
     [{"check": "keywords:frequency"}], [{"check": "language", "code": "tlh"}], [{"check": "quoted"}] * 101],
)  # fmt: skip
def test_a_case_whose_checks_cannot_be_made_has_no_score(target):
    score = Instructions().grade(Sample(output="x", target=target))
    assert score.value is None
    assert score.reason


def test_wrong_checks_in_the_settings_are_all_named():
    checks = (
        {"check": "words", "at_most": 1, "atleast": 2},
        {"check": "titel"},
        {"check": "letter_count", "at_most": 1},
    )
    with pytest.raises(InputError) as found:
        Instructions(checks=checks)
    assert "did you mean 'at_least'?" in str(found.value)
    assert "no instruction_check named 'titel'" in str(found.value)
    assert "'letter' is missing" in str(found.value)


def test_a_part_of_the_output_is_read_by_its_path():
    grader = Instructions(checks=({"check": "words", "at_most": 1},), path="summary")
    assert grader.grade(Sample(output='{"summary": "short"}')).value == 1.0
    assert grader.grade(Sample(output="no JSON")).reason.startswith("the output is not JSON")


def test_too_long_a_text_is_no_score():
    assert Instructions(checks=({"check": "quoted"},), max_characters=3).grade(Sample(output="abcd")).value is None


HOSTILE = ["a" * 200_000, "*" * 200_000, "[" * 200_000, "<" * 200_000, "." * 200_000, "\n" * 199_999 + "x", "a." * 100_000,
           " " * 199_999 + "x", "p." * 100_000, "-\n" * 100_000, "P.\n" * 60_000, "a-" * 100_000, "***" * 60_000]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_little_time(text):
    """All 25 instructions in both modes; each check reads the text a fixed number of times."""
    entries = [{"check": name, **settings} for name, settings, _, _ in BY_HAND]
    grader = Instructions(checks=tuple(entries), mode="loose")
    start = time.process_time()
    assert grader.grade(Sample(output=text)).value == 0.0
    assert time.process_time() - start < 8


@pytest.mark.parametrize("name", instruction_checks.names())
def test_every_check_is_a_plugin_with_an_example(name):
    cls = instruction_checks.get(name)
    assert cls.version == 1
    assert ">>> " in cls.__doc__


def test_the_reason_of_an_instruction_of_several_checks_is_the_first_that_breaks():
    instruction = read_instructions([{"check": "change_case:english_capital"}])[0]
    assert instruction.problem("Das ist") == "not all letters are upper case"
    assert instruction.problem("DAS IST NICHT DER WEG") == "the language is 'de', not 'en'"
