"""Faults that show beside human labels: simulated judges with and without them."""

import numpy as np

from preceptor.judges.label_probes import probe_length, probe_self_preference
from preceptor.judges.types import HumanLabel, JudgedAnswer


def sides(labels, scores, **fields):
    answers = [
        JudgedAnswer(
            case_id=str(case),
            score=float(np.clip(score, 0, 1)),
            length=int(fields["lengths"][case]) if "lengths" in fields else None,
            author=fields["authors"][case] if "authors" in fields else "",
        )
        for case, score in enumerate(scores)
    ]
    return answers, [HumanLabel(case_id=str(case), value=float(label)) for case, label in enumerate(labels)]


def test_a_judge_that_likes_length_is_found():
    """Longer than usual: .2 more at the same label."""
    rng = np.random.default_rng(1)
    labels, lengths = rng.choice([0.25, 0.5, 0.75], 300), rng.integers(100, 1000, 300)
    scores = 0.8 * labels + 0.2 * (lengths > 550) + rng.normal(0, 0.05, 300)
    figure = probe_length(*sides(labels, scores, lengths=lengths)).figure
    assert figure.interval.low < 0.2 < figure.interval.high
    assert figure.interval.low > 0.1
    assert figure.n == 300


def test_people_may_like_length_too():
    """Better answers are longer, and the judge says what people say: no fault of the judge."""
    rng = np.random.default_rng(2)
    labels = rng.choice([0.2, 0.8], 400)
    lengths = 300 + 500 * labels + rng.integers(-50, 50, 400)
    figure = probe_length(*sides(labels, labels + rng.normal(0, 0.05, 400), lengths=lengths)).figure
    assert figure.interval.low < 0 < figure.interval.high


def test_unknown_lengths_give_no_figure():
    assert probe_length(*sides([0.0, 1.0], [0.0, 1.0])).figure.value is None
    few = probe_length(*sides([1.0] * 8, [1.0] * 8, lengths=range(8))).figure
    assert few.value is None
    assert "4 answers longer" in few.reason


def test_a_judge_that_likes_its_own_is_found():
    """Its own answers are rated .15 too high, and are better as well."""
    rng = np.random.default_rng(3)
    authors = ["own"] * 100 + ["other"] * 150
    labels = np.where(np.array(authors) == "own", 0.6, 0.4) + rng.uniform(-0.2, 0.2, 250)
    scores = labels + np.where(np.array(authors) == "own", 0.15, 0.0) + rng.normal(0, 0.05, 250)
    figure = probe_self_preference(*sides(labels, scores, authors=authors), own="own").figure
    assert figure.interval.low < 0.15 < figure.interval.high
    assert figure.interval.low > 0.1


def test_a_fair_judge_that_never_errs_is_not_certain():
    labels = [1.0, 0.0] * 30
    figure = probe_self_preference(
        *sides(labels, labels, authors=["own", "own", "other", "other"] * 15), own="own"
    ).figure
    assert figure.value == 0
    assert figure.interval.low < -0.1
    assert figure.interval.high > 0.1


def test_answers_of_one_author_only_say_nothing():
    given = sides([1.0, 0.0] * 20, [1.0, 0.0] * 20, authors=["own"] * 40)
    figure = probe_self_preference(*given, own="own").figure
    assert figure.value is None
    assert figure.reason == "the answers are from 'own'; it takes answers of 'own' and of others"
    assert "own model is not known" in probe_self_preference(*given, own="").figure.reason


def test_the_interval_covers_the_bias():
    """Simulated: 400 samples of 30 own and 60 other answers, yes/no, the judge 20 points too kind to its own."""
    rng = np.random.default_rng(4)
    covered = 0
    for _ in range(400):
        labels = (rng.random(90) < 0.5).astype(float)
        is_own = np.arange(90) < 30
        scores = np.where((labels == 0) & is_own & (rng.random(90) < 0.4), 1.0, labels)
        scores = np.where(rng.random(90) < 0.1, 1 - scores, scores)
        # The flip of one in ten takes .1 of both; of the own it leaves .2 x .8.
        given = sides(labels, scores, authors=["own" if own else "other" for own in is_own])
        low, high = probe_self_preference(*given, own="own").figure.interval
        covered += low <= 0.16 <= high
    assert covered / 400 >= 0.935 - 3 * (0.95 * 0.05 / 400) ** 0.5
