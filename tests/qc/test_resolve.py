"""Answers become labels, or stay unresolved with the reason."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest

from preceptor.core.errors import InputError
from preceptor.qc.aggregator import ItemAnswer, aggregators
from preceptor.qc.resolve import as_resolutions, resolve
from preceptor.qc.types import Label, Unresolved

AGGREGATORS = ["majority_vote", "dawid_skene"]


def answers_of(*rows: tuple[str, str, object]) -> list[ItemAnswer]:
    return [ItemAnswer(item=item, annotator=annotator, value=value) for item, annotator, value in rows]


@pytest.mark.parametrize("name", AGGREGATORS)
def test_missing_answers_are_no_category(name):
    answers = answers_of(("q1", "ann", "good"), ("q1", "ben", None), ("q1", "cy", " "), ("q1", "dee", "good"))
    (label,) = resolve(answers, aggregators.create(name))
    assert (label.item, label.value, label.num_answers) == ("q1", "good", 2)


@pytest.mark.parametrize("name", AGGREGATORS)
def test_item_without_answers_is_listed_as_unresolved(name):
    results = resolve(answers_of(("q1", "ann", None), ("q2", "ann", "good")), aggregators.create(name))
    assert results[0] == Unresolved(item="q1", reason="no answers", num_answers=0)
    assert [result.item for result in results] == ["q1", "q2"]


@pytest.mark.parametrize("name", AGGREGATORS)
def test_no_answers_give_no_labels(name):
    assert resolve([], aggregators.create(name)) == []


@pytest.mark.parametrize("name", AGGREGATORS)
def test_text_and_number_of_one_value_are_one_label(name):
    (label,) = resolve(answers_of(("q1", "ann", 1), ("q1", "ben", "1"), ("q1", "cy", 1.0)), aggregators.create(name))
    assert label.value == 1
    assert label.confidence == pytest.approx(1.0)


def test_an_annotator_who_contradicts_himself_is_named():
    answers = answers_of(("q1", "ann", "good"), ("q1", "ann", "bad"))
    with pytest.raises(InputError, match="'ann' answered item 'q1' with both 'good' and 'bad'"):
        resolve(answers, aggregators.create("majority_vote"))


def test_the_same_answer_twice_is_one_vote():
    answers = answers_of(("q1", "ann", "good"), ("q1", "ann", "good"), ("q1", "ben", "bad"))
    (result,) = resolve(answers, aggregators.create("majority_vote"))
    assert isinstance(result, Unresolved)
    assert result.num_answers == 2


@pytest.mark.shared_data
def test_anaesthetists_get_the_classes_of_the_paper(shared_data):
    """Replicates of observer 1 all count; classes 18, 19, 5 and 3 as in SOURCE.md."""
    with (shared_data / "dawid_skene_1979" / "anaesthetists.csv").open() as stream:
        answers = answers_of(*((row["patient"], row["observer"], row["rating"]) for row in csv.DictReader(stream)))
    labels = resolve(answers, aggregators.create("dawid_skene"))
    found = [label.value for label in labels]
    assert [found.count(name) for name in "1234"] == [18, 19, 5, 3]
    assert all(label.num_answers == 7 for label in labels)


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "accuracy"), [("majority_vote", 0.9430), ("dawid_skene", 0.9440)])
def test_movie_sentiment_accuracy_matches_its_source(shared_data, name, accuracy):
    """SP_amt of the active-crowd-toolkit; SOURCE.md breaks ties its own way, hence the tolerance."""
    with (shared_data / "active_crowd_toolkit" / "SP_amt.csv").open() as stream:
        rows = list(csv.reader(stream))
    answers = answers_of(*((item, worker, label) for worker, item, label, *_ in rows))
    gold = {item: truth for _, item, _, truth, *_ in rows}
    labels = resolve(answers, aggregators.create(name))
    right = sum(isinstance(label, Label) and label.value == gold[label.item] for label in labels)
    assert right / len(labels) == pytest.approx(accuracy, abs=0.015)


def test_kept_resolutions_carry_what_made_them():
    made = aggregators.create("majority_vote")
    identity, moment = aggregators.identify(made), datetime(2026, 11, 24, tzinfo=UTC)
    results = resolve(answers_of(("q1", "ann", "good"), ("q2", "ann", None)), made)
    kept = as_resolutions(results, {"q1": "task_1", "q2": "task_2"}, identity, moment)
    again = as_resolutions(results, {"q1": "task_1", "q2": "task_2"}, identity, moment.replace(year=2027))
    assert [one.task_id for one in kept] == ["task_1", "task_2"]
    assert [one.id for one in kept] == [one.id for one in again]
    assert kept[0].id != kept[1].id
    assert kept[0].aggregator.settings == {"minimum_share": 0.5, "minimum_answers": 1}
