"""Rephrased eval cases are found by meaning where runs of words find none; the figures are measured."""

from __future__ import annotations

import csv
import json
from typing import NamedTuple

import pyarrow as pa
import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.rephrased_eval import RephrasedEval
from preceptor.datasets.eval_texts import TEXT_SEPARATOR, question_of
from preceptor.datasets.ngram_index import build_index
from preceptor.datasets.rephrased import case_vectors, fit_similarity
from preceptor.datasets.run_checks import find_in
from preceptor.datasets.text_vectors import text_vectors
from preceptor.stats.intervals import clopper_pearson

PLANET = {"planet": "What is the biggest planet in our solar system?"}


def test_the_most_alike_text_of_a_record_is_shown_with_its_field(sft):
    records = [
        sft("My parcel has not arrived yet.", "I am sorry, let me look where it is."),
        sft("Name the largest planet, please.", "Which is the largest planet that orbits the sun? Jupiter."),
    ]
    (finding,) = find_in(RephrasedEval(), records, CheckContext(eval_texts=PLANET))
    assert finding.index == 1
    assert finding.evidence["case_id"] == "planet"
    assert finding.evidence["field"] == "messages[1].content"
    assert 0.5 <= finding.evidence["similarity"] <= 1


def test_only_what_a_case_asks_counts_not_its_choices(sft):
    text = PLANET["planet"] + TEXT_SEPARATOR + TEXT_SEPARATOR.join(["Mars", "Jupiter"])
    record = sft("Which is the largest planet that orbits the sun?", "It is Jupiter.")
    found = [
        find_in(RephrasedEval(), [record], CheckContext(eval_texts={"planet": one})) for one in (text, *PLANET.values())
    ]
    assert found[0] == found[1] != []


def test_short_texts_are_passed_over(sft):
    context = CheckContext(eval_texts={"hi": "hello there"})
    assert find_in(RephrasedEval(), [sft("hello there", "hello there")], context) == []
    assert len(find_in(RephrasedEval(min_words=2), [sft("hello there", "hello there")], context)) == 1


@pytest.mark.parametrize("settings", [{"min_similarity": 0}, {"min_similarity": 1.1}, {"min_words": 0}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError, match=next(iter(settings))):
        RephrasedEval(**settings)


def test_vectors_have_length_one_or_nothing():
    """A text without a known word is like nothing; a very long one is cut, not refused."""
    lengths = (text_vectors(["an order", "", " \n", "word " * 50_000]) ** 2).sum(axis=1)
    assert lengths.tolist() == pytest.approx([1, 0, 0, 1], abs=1e-5)


def test_a_threshold_keeps_its_rate_on_the_texts_it_was_fitted_to():
    """Ten texts, each a case plus more and more words on other things: exactly two may reach it."""
    cases = case_vectors(PLANET)
    texts = [PLANET["planet"] + " My parcel is late." * number for number in range(10)]
    threshold = fit_similarity(cases, texts, 0.2)
    assert sum(one >= threshold for one in cases.highest(texts)) == 2
    with pytest.raises(InputError, match="cannot show a false-positive rate"):
        fit_similarity(cases, texts, 0.01)


class Suite(NamedTuple):
    """Cases by place, their rephrasings (place of the original, text) by kind, and texts on other matters."""

    cases: dict[str, str]
    rephrased: dict[str, list[tuple[str, str]]]
    unrelated: list[str]


def read_texts(path):
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def suites(shared_data):
    """LMSYS's rephrasings of HumanEval and two MMLU subjects; unrelated are the originals of the others and GSM8K's."""
    folder = shared_data / "llm_decontaminator"
    originals = {"humaneval": read_texts(folder / "test" / "HumanEval.jsonl")}
    files = {"humaneval": {kind: f"humaneval_{kind}.jsonl" for kind in ("python", "js", "c")}}
    for subject in ("abstract_algebra", "sociology"):
        with (folder / "rephrase" / f"{subject}_test.csv").open(encoding="utf-8", newline="") as stream:
            originals[subject] = [TEXT_SEPARATOR.join(row[:5]) for row in csv.reader(stream)]
        files[subject] = {"english": f"{subject}_test_rephrase_english_filtered_question.jsonl"}
    lines = (shared_data / "gsm8k" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    gsm8k = [json.loads(line)["question"] for line in lines]
    return {
        name: Suite(
            {str(place): text for place, text in enumerate(texts)},
            {
                kind: [(str(n), text) for n, text in enumerate(read_texts(folder / "rephrase" / file)) if text.strip()]
                for kind, file in files[name].items()
            },
            [question_of(text) for other in originals if other != name for text in originals[other]] + gsm8k,
        )
        for name, texts in originals.items()
    }


def found_by_runs(suite, kind):
    """How many rephrasings the n-gram check finds as their own original."""
    texts = pa.array([text for _, text in suite.rephrased[kind]], pa.large_string())
    found = dict(build_index(suite.cases, 8, 0.1).overlaps(texts, 0.2))
    return sum(own in {one.case_id for one in found.get(row, ())} for row, (own, _) in enumerate(suite.rephrased[kind]))


def found_by_meaning(suite, kind, min_similarity):
    """How many the vectors find as their own original."""
    texts = [text for _, text in suite.rephrased[kind]]
    found = dict(case_vectors(suite.cases).likenesses(texts, min_similarity))
    return sum(own in {one.case_id for one in found.get(row, ())} for row, (own, _) in enumerate(suite.rephrased[kind]))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "kind", "runs", "meaning"),
    [
        ("humaneval", "python", 1 / 147, 147 / 147),
        ("humaneval", "js", 1 / 151, 149 / 151),
        ("humaneval", "c", 1 / 157, 156 / 157),
        ("abstract_algebra", "english", 3 / 96, 95 / 96),
        ("sociology", "english", 0 / 197, 189 / 197),
    ],
)
def test_recall_of_rephrasings_at_one_percent_false_positives(suites, name, kind, runs, meaning):
    """Measured shares: runs of words find under 9 % with 95 % confidence, vectors over 92 %.

    The threshold is fitted to one half of the unrelated texts; its false positives are counted on the other
    half, where 1 % lies in their exact interval (11 of 810, 5 of 842 and 7 of 791).
    """
    suite = suites[name]
    vectors, total = case_vectors(suite.cases), len(suite.rephrased[kind])
    threshold = fit_similarity(vectors, suite.unrelated[::2], 0.01)
    other_half = vectors.highest(suite.unrelated[1::2])
    false_rate = clopper_pearson(sum(one >= threshold for one in other_half), len(other_half))
    assert false_rate.low <= 0.01 <= false_rate.high
    num_by_runs, num_by_meaning = found_by_runs(suite, kind), found_by_meaning(suite, kind, threshold)
    assert num_by_runs / total == pytest.approx(runs, abs=0.01)
    assert clopper_pearson(num_by_runs, total).high < 0.09
    assert num_by_meaning / total == pytest.approx(meaning, abs=0.01)
    assert clopper_pearson(num_by_meaning, total).low > 0.92


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "recall", "siblings"),
    [("humaneval", 0.978, 0.98), ("abstract_algebra", 0.979, 0.97), ("sociology", 0.929, 0.25)],
)
def test_the_default_threshold_tells_subjects_apart_not_questions_on_one_subject(suites, name, recall, siblings):
    """Why it only points: what the docstring says of 0.5.

    `siblings` is the share of a suite's own questions that are taken for another of its questions.
    """
    suite, default = suites[name], RephrasedEval().min_similarity
    vectors = case_vectors(suite.cases)
    num_found = sum(found_by_meaning(suite, kind, default) for kind in suite.rephrased)
    assert num_found / sum(map(len, suite.rephrased.values())) == pytest.approx(recall, abs=0.01)
    highest = vectors.highest(suite.unrelated)
    assert sum(one >= default for one in highest) / len(highest) < 0.01
    questions = [question_of(text) for text in suite.cases.values()]
    taken = sum(len(found.cases) > 1 for found in vectors.likenesses(questions, default))
    assert taken / len(questions) == pytest.approx(siblings, abs=0.01)
