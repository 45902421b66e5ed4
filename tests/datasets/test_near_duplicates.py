"""Near duplicates are found, compared exactly, and one of each cluster is kept."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets import near_meetings
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.near_duplicate import NearDuplicate
from preceptor.datasets.near_duplicates import find_near_duplicates
from preceptor.datasets.near_keys import NearSettings, near_keys
from preceptor.datasets.record import make_record
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.run_checks import GatheredHere, conclude_check, find_in
from preceptor.datasets.types import Media
from preceptor.models.types import Message

NOTHING = CheckContext()


def text_of(*numbers):
    return " ".join(f"word{number}" for number in numbers)


def found_in(records, **settings):
    return {found.index: found.evidence for found in find_in(NearDuplicate(**settings), records, NOTHING)}


def test_a_changed_word_is_found_with_its_exact_likeness(sft):
    """30 words have 26 runs of five; a changed 15th word changes five: 21 of 31."""
    prompt, changed = text_of(*range(30)), text_of(*range(14), 99, *range(15, 30))
    records = [sft("", prompt), sft("", changed), sft("", text_of(*range(50, 80)))]
    found = found_in(records, threshold=21 / 31, keep="first")
    assert list(found) == [1]
    assert found[1]["score"] == pytest.approx(21 / 31)
    assert found_in(records, threshold=21 / 31 + 0.001) == {}


def test_the_evidence_quotes_what_both_say(sft):
    """Of 30 words the tenth differs: the longest shared run is the last 20."""
    records = [sft("Hello!", text_of(*range(30))), sft("Hello…", text_of(*range(9), 99, *range(10, 30)) + "½")]
    (found,) = found_in(records, threshold=0.5, keep="first").values()
    texts = [dict(iter_texts(record)) for record in records]
    for span, fields in ((found["kept_span"], texts[0]), (found["span"], texts[1])):
        assert span["field"] == "messages[1].content"
        assert fields[span["field"]][span["start"] : span["end"]].startswith("word10 word11")
    assert found["num_shared_words"] == 19 or found["num_shared_words"] == 20


def test_one_of_a_cluster_is_kept_by_the_rule(sft):
    plain = sft("q", text_of(*range(40)))
    longer = sft("q", text_of(*range(40)) + " more")
    sourced = replace(plain, licence="MIT", source="trace")
    records = [plain, longer, sourced]
    assert set(found_in(records, keep="first")) == {1, 2}
    assert set(found_in(records, keep="longest")) == {0, 2}
    assert set(found_in(records, keep="best")) == {0, 1}


def test_which_is_kept_does_not_depend_on_the_order(sft):
    records = [sft("q", text_of(*range(40), number)) for number in range(50, 56)]
    kept = [records[0]]
    for order in (records, records[::-1]):
        removed = found_in(order)
        assert len(removed) == 5
        kept.append(next(record for place, record in enumerate(order) if place not in removed))
    assert kept[1].id == kept[2].id


def test_what_is_learnt_tells_equal_texts_apart(sft, preference):
    long, other = text_of(*range(20)), text_of(*range(30, 50))
    message = (Message(role="user", content=long),)
    records = [
        preference("q", long, other),
        preference("q", other, long),
        replace(make_record("binary", message), completion=other, is_good=True),
        replace(make_record("binary", message), completion=other, is_good=False),
        sft(long, other),
        replace(sft(long, other), media=(Media(message=0, at=0, kind="image", sha256="a" * 64),)),
    ]
    assert found_in(records) == {}


def test_short_and_empty_texts(sft):
    records = [sft("", "yes"), sft("", "Yes!"), sft("", "no"), sft("", " "), sft(" ", "")]
    assert list(found_in(records, keep="first")) == [1]


def plain_removed(texts, threshold, num_words):
    """Each, in order, against all that were kept, with Python's own sets."""
    runs = [
        {tuple(text.split()[at : at + num_words]) for at in range(len(text.split()) - num_words + 1)} for text in texts
    ]
    kept, removed = [], {}
    for number, own in enumerate(runs):
        scores = [(len(own & runs[other]) / len(own | runs[other]), -other) for other in kept]
        best = max(scores, default=(0, 0))
        if best[0] >= threshold:
            removed[number] = (-best[1], best[0])
        else:
            kept.append(number)
    return removed


@pytest.mark.parametrize("max_group", [500, 5])
def test_near_duplicates_are_those_of_an_exact_comparison(monkeypatch, max_group):
    """400 records, half of them with one long prompt; with small groups these meet by their rare shingles."""
    monkeypatch.setattr(near_meetings, "MAX_GROUP", max_group)
    rng = random.Random(5)  # noqa: S311 - test data
    prompt = text_of(*(rng.randrange(3_000) for _ in range(60)))
    texts = []
    for number in range(400):
        words = text_of(*(rng.randrange(3_000) for _ in range(rng.randint(20, 90)))).split()
        if texts and rng.random() < 0.3:
            words = texts[rng.randrange(len(texts))].split()
            for _ in range(rng.randint(0, 4)):
                words[rng.randrange(len(words))] = f"word{rng.randrange(3_000)}"
        elif number % 2:
            words = [*prompt.split(), *words]
        texts.append(" ".join(words))
    batches = list(iter_batches(make_record("sft", (Message(role="assistant", content=text),)) for text in texts))
    settings = NearSettings(keep="first")
    found = find_near_duplicates(GatheredHere(batches, [near_keys(batch, settings) for batch in batches]), settings)
    rows = zip(found.removed.tolist(), found.kept.tolist(), found.scores.tolist(), strict=True)
    expected = plain_removed(texts, 0.8, 5)
    assert len(expected) > 50
    assert {row: (kept, pytest.approx(score)) for row, kept, score in rows} == expected


def test_the_figures_count_the_clusters(sft):
    records = [sft("q", text_of(*range(start, start + 40))) for start in (0, 0, 0, 100, 100, 200)]
    figures = conclude_check(NearDuplicate(), list(iter_batches(records)), NOTHING).figures
    assert figures["num_clusters"] == 2
    assert figures["largest_cluster"] == 3
    assert figures["cluster_sizes"] == {"2": 1, "3": 1}


@pytest.mark.parametrize("settings", [{"threshold": 0.1}, {"threshold": 1.1}, {"shingle_words": 0}, {"keep": "last"}])
def test_wrong_settings_are_refused(settings):
    with pytest.raises(InputError, match=next(iter(settings))):
        NearDuplicate(**settings)


def test_nothing_gives_nothing():
    assert find_in(NearDuplicate(), [], NOTHING) == []
