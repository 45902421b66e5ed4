"""Similarity to the wanted answer."""

from __future__ import annotations

import importlib.util

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.similarity import Similarity
from preceptor.grading.types import Sample


def value(output: str, target: object, **settings) -> float | None:
    return Similarity(**settings).grade(Sample(output=output, target=target)).value


def test_rouge_l_of_the_paper():
    """Lin (2004), section 3.1: S1 "police killed the gunman", S2 "police kill the gunman", S3 "the gunman kill police"."""
    assert value("police kill the gunman", "police killed the gunman", method="rouge_l") == 0.75
    assert value("the gunman kill police", "police killed the gunman", method="rouge_l") == 0.5


def test_word_cosine_by_hand():
    """(1·1 + 2·1) / √(5 · 2) for "a b b" and "a b"."""
    assert value("a b b", "b a", method="word_cosine") == pytest.approx(3 / 10**0.5)


def test_chrf_by_hand():
    """For "ab" and "abc": precision 1, 1, 0 and recall 2/3, 1/2, 0 over orders 1 to 3; F with beta 2 of their means."""
    precision, recall = 2 / 3, (2 / 3 + 1 / 2) / 3
    assert value("ab", "abc") == pytest.approx(5 * precision * recall / (4 * precision + recall))


@pytest.mark.parametrize("method", ["chrf", "rouge_l", "word_cosine"])
def test_equal_is_1_and_nothing_shared_is_0(method):
    assert value("the order is lost", "the order is lost", method=method) == 1.0
    assert value("abc def", "xyz uvw", method=method) == 0.0
    assert value("", "", method=method) == 1.0
    assert value("", "a", method=method) == 0.0


def test_the_most_alike_of_several_targets_counts():
    assert value("yes", ["no", "yes"]) == 1.0


def test_a_threshold_makes_it_0_or_1():
    assert value("police kill the gunman", "police killed the gunman", method="rouge_l", threshold=0.75) == 1.0
    assert value("police kill the gunman", "police killed the gunman", method="rouge_l", threshold=0.76) == 0.0


def test_paths_read_inside_output_and_target():
    assert value('{"answer": "yes"}', {"answer": "yes"}, path="answer", target_path="answer") == 1.0
    assert value("no JSON", "yes", path="answer") == 0.0


def test_no_target_or_too_long_has_no_score():
    assert value("x", None) is None
    assert value("x", []) is None
    assert value("x" * 30_000, "x") is None


@pytest.mark.parametrize("settings", [{"threshold": 2.0}, {"max_characters": 0}])
def test_wrong_settings_are_refused(settings):
    with pytest.raises(InputError, match=next(iter(settings))):
        Similarity(**settings)


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'preceptor\[similarity\]'"):
        Similarity(method="embedding")


def test_embedding_knows_words_of_like_meaning():
    """Another wording of the same complaint is nearer than another topic, though it shares no content word."""
    pytest.importorskip("wordllama", reason="the extra `similarity` is not installed")
    target = "My card was charged twice."
    same = value("I was billed two times.", target, method="embedding")
    other = value("The weather is nice today.", target, method="embedding")
    assert same is not None
    assert other is not None
    assert same > 0.25 > other
    assert value("", target, method="embedding") == 0.0
    assert value(target, target, method="embedding") == 1.0
