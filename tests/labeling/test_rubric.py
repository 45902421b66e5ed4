"""A rubric file is read whole, and all its mistakes are named at once with their lines."""

from __future__ import annotations

import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError
from preceptor.labeling.question_types.choice import Choice
from preceptor.labeling.rubric import load_rubric, make_question_type

GOOD = """\
name: helpful
title: Is the answer helpful?
instructions: Read the question, then the answer.
question:
  kind: choice
  options: [good, bad]
examples:
  - shown: "How do I reset? Click reset."
    answer: good
    why: it says what to do
edge_cases:
  - shown: "How do I reset?"
    answer: bad
    why: no answer
"""


def test_rubric_carries_its_question_type_and_hash():
    loaded = load_rubric(parse_document(GOOD, "helpful.yaml"))
    assert loaded.rubric.name == "helpful"
    assert loaded.question_type == Choice(options=("good", "bad"))
    assert [example.answer for example in (*loaded.rubric.examples, *loaded.rubric.edge_cases)] == ["good", "bad"]
    assert loaded.hash == load_rubric(parse_document("# a comment\n" + GOOD, "other.yaml")).hash
    assert loaded.hash != load_rubric(parse_document(GOOD.replace("Read", "Skim"), "helpful.yaml")).hash


def test_every_mistake_is_named_with_its_line():
    text = """\
name: helpful
titel: Is it helpful?
instructions: 7
question:
  kind: choice
  options: [good]
  optins: 1
"""
    with pytest.raises(InputError) as caught:
        load_rubric(parse_document(text, "helpful.yaml"))
    said = str(caught.value).splitlines()
    assert len(said) == 4
    assert any(line.startswith("helpful.yaml:2: ") and "did you mean 'title'" in line for line in said)
    assert any(line.startswith("helpful.yaml:3: ") for line in said)
    assert any(line.startswith("helpful.yaml:7: ") and "did you mean 'options'" in line for line in said)
    assert any("'title' is missing" in line for line in said)


def test_example_that_the_question_does_not_allow_is_refused():
    with pytest.raises(InputError, match=r"helpful.yaml:9: examples\[0\].answer: 'great' is none of the options"):
        load_rubric(parse_document(GOOD.replace("answer: good", "answer: great"), "helpful.yaml"))


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("{kind: choise, options: [a, b]}", "no question_type named 'choise'"),
        ("{options: [a, b]}", "'kind' must name a question type: choice, pairwise, rating"),
        ("{kind: 3}", "'kind' must name a question type"),
        ("{kind: choice, options: [a]}", "give two or more"),
        ("[choice]", "question"),
    ],
)
def test_question_that_cannot_be_made_is_refused(question, message):
    text = f"name: n\ntitle: t\ninstructions: i\nquestion: {question}\n"
    with pytest.raises(InputError, match=message):
        load_rubric(parse_document(text, "n.yaml"))


@pytest.mark.parametrize("text", ["", "[]", "name: ' '\ntitle: t\ninstructions: i\nquestion: {kind: pairwise}\n"])
def test_empty_file_or_name_is_refused(text):
    with pytest.raises(InputError, match="n.yaml"):
        load_rubric(parse_document(text, "n.yaml"))


def test_question_type_can_be_made_from_a_stored_rubric():
    assert make_question_type({"kind": "choice", "options": ["a", "b"]}, "rubric n") == Choice(options=("a", "b"))
    with pytest.raises(InputError, match="rubric n: question"):
        make_question_type({}, "rubric n")
