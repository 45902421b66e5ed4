"""Label noise: planted errors are found, clean and unpredictable labels are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.label_noise import LabelNoise
from preceptor.datasets.normal_text import words
from preceptor.datasets.record import make_record
from preceptor.datasets.run_checks import conclude_check
from preceptor.models.types import Message

TOPICS = {
    "refund": "money back refund charged twice card bank return",
    "login": "password login account locked email code enter",
    "parcel": "parcel delivery late courier address box lost",
}
COMMON = words(
    "hello please my I have a problem with the thing and would like to know what can be done about it today thanks"
)


def concluded(records, **settings):
    return conclude_check(LabelNoise(**settings), list(iter_batches(records)), CheckContext())


@pytest.fixture(scope="module")
def labelled():
    """900 prompts of three topics, two or three of their words among 15 common ones (seed 2)."""
    rng = np.random.default_rng(2)
    made = []
    for topic in sorted(TOPICS) * 300:
        said = [*rng.choice(COMMON, 15), *rng.choice(TOPICS[topic].split(), rng.integers(2, 4), replace=False)]
        turns = (Message(role="user", content=" ".join(rng.permutation(said))), Message(role="assistant", content="ok"))
        made.append(replace(make_record("sft", turns), metadata={"label": topic}))
    return made


def with_noise(records, share, seed=4):
    rng = np.random.default_rng(seed)
    wrong = set(np.flatnonzero(rng.random(len(records)) < share).tolist())
    moved = [
        replace(record, metadata={"label": str(rng.choice(sorted(set(TOPICS) - {record.metadata["label"]})))})
        if place in wrong
        else record
        for place, record in enumerate(records)
    ]
    return moved, wrong


def test_planted_noise_is_found(labelled):
    """Simulated: a tenth of the labels moved. Seven in ten and more are found; of those found hardly one is right."""
    records, wrong = with_noise(labelled, 0.1)
    found = concluded(records)
    indexes = {finding.index for finding in found.findings}
    assert len(indexes & wrong) / len(wrong) > 0.7
    assert len(indexes & wrong) / len(indexes) > 0.95
    assert found.figures["by_text"]["estimated_noise"] == pytest.approx(len(wrong) / len(records), abs=0.03)


def test_the_suggestion_is_the_true_label(labelled):
    records, wrong = with_noise(labelled, 0.1)
    found = [finding for finding in concluded(records).findings if finding.index in wrong]
    right = sum(finding.evidence["suggested"] == labelled[finding.index].metadata["label"] for finding in found)
    assert right / len(found) > 0.95


def test_clean_labels_are_left_alone(labelled):
    assert len(list(concluded(labelled).findings)) < 0.02 * len(labelled)


def test_labels_that_words_cannot_tell_are_not_judged(labelled):
    rng = np.random.default_rng(6)
    records = [replace(record, metadata={"label": str(rng.choice(["good", "bad"]))}) for record in labelled]
    found = concluded(records)
    assert found.findings == []
    assert found.reason == "the words do not predict the label better than its most frequent value"


def test_copies_are_never_in_the_training_of_each_other(labelled, sft):
    """Ten copies of one mislabelled record outvote it only if they are held out together."""
    odd = sft("Please return the money: my card was charged twice, a refund", "ok", metadata={"label": "login"})
    found = {finding.index for finding in concluded([*labelled, *[odd] * 10]).findings}
    assert set(range(900, 910)) <= found


def test_a_record_keeps_its_verdict_whatever_its_place(labelled):
    records, _ = with_noise(labelled, 0.1)
    ids = {finding.record_id for finding in concluded(records).findings}
    assert {finding.record_id for finding in concluded(records[::-1]).findings} == ids


def test_too_many_records_are_sampled_by_id(labelled):
    assert concluded(labelled, max_records=500).figures["by_text"]["num_judged"] == 500


def test_annotators_who_contradict_the_label_are_heard(sft):
    def answered(answers):
        return sft("a", "b", metadata={"label": "x", "answers": answers})

    records = [
        answered(["x", "x", "y"]),
        answered({"ada": "y", "bob": "y"}),
        answered(["y"]),
        answered([{"value": "x"}, {"label": "y"}, "z"]),
    ]
    found = concluded(records)
    assert [finding.reason for finding in found.findings] == [
        "the label is x, which 0 of 2 annotators gave; most gave y",
        "the label is x, which 1 of 3 annotators gave",
    ]
    assert (found.figures["contradicted_by_annotators"]["count"], found.figures["contradicted_by_annotators"]["n"]) == (
        2,
        3,
    )


def test_without_labels_it_says_so(sft):
    assert concluded([sft("a", "b")]).reason == "no record has metadata.label"


def test_hostile_answers_and_labels_are_passed_over(sft):
    records = [
        sft("a", "b", metadata={"label": label, "answers": answers})
        for label in (None, [], {}, "x", 3, True)
        for answers in (7, "x", [[[]]], {"a": {}}, [None, None])
    ]
    assert "can be told apart" in concluded(records).reason


@pytest.mark.parametrize(
    "settings", [{"folds": 1}, {"min_per_class": 2}, {"answers": "who"}, {"min_agreement": 2}, {"max_records": 0}]
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError):
        LabelNoise(**settings)
