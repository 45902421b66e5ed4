"""Eval cases are found by their runs of words, exactly as a slow and plain search finds them."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from preceptor.datasets.batch import TEXT_SEPARATOR
from preceptor.datasets.ngram_index import build_index, index_for
from preceptor.datasets.normal_text import words

VOCABULARY = ["a", "The", "ORDER", "ﬁnd", "Straße", "退款", "e\u0301te\u0301", "12", "x.y", "it's", "\u212bngström"]


def plain_runs(text, num_words):
    for part in text.split("\x00"):
        found = words(part)
        for start in range(len(found) - num_words + 1):
            yield " ".join(found[start : start + num_words])


def plain_overlaps(cases, text, num_words, boilerplate_share, least):
    """The definition, case by case: what build_index and overlaps say of one text."""
    runs = {name: set(plain_runs(case, num_words)) for name, case in cases.items()}
    num_cases = Counter(run for own in runs.values() for run in own)
    most = max(3, boilerplate_share * len(cases))
    stands = set(plain_runs(text, num_words))
    parts = [words(part) for part in text.split("\x00")]
    for name, case in cases.items():
        own = {run for run in runs[name] if num_cases[run] <= most}
        containment = len(own & stands) / len(own) if own else float(bool(words(case)) and words(case) in parts)
        if containment >= least:
            yield name, containment


def some_text(rng, longest):
    words = [*VOCABULARY, TEXT_SEPARATOR]
    return (" ", ", ", "\n")[rng.integers(3)].join(
        words[at] for at in rng.integers(len(words), size=rng.integers(longest))
    )


@pytest.mark.parametrize(("num_words", "share"), [(1, 1.0), (2, 0.1), (3, 0.05), (8, 0.1)])
def test_the_index_agrees_with_the_definition(num_words, share):
    """Few words, so that runs are shared, boilerplate and repeated; ligatures, ß, marks and Chinese among them."""
    rng = np.random.default_rng(num_words)
    cases = {f"case {number:02}": some_text(rng, 14) for number in range(50)}
    texts = [some_text(rng, 40) for _ in range(150)] + list(cases.values())[:10]
    index = build_index(cases, num_words, share)
    found = dict(index.overlaps(pa.array(texts, pa.large_string()), 0.3))
    for row, text in enumerate(texts):
        expected = sorted(plain_overlaps(cases, text, num_words, share, 0.3), key=lambda one: (-one[1], one[0]))
        assert [(one.case_id, one.containment) for one in found.get(row, [])] == expected


def test_quote_and_spans_are_what_stands_in_the_text():
    case = "the first order of the day is shipped at noon"
    text = f"Hello.{TEXT_SEPARATOR}They say: The ﬁrst ORDER of the day, is shipped later.{TEXT_SEPARATOR}bye"
    ((_, (found,)),) = build_index({"a": case}, 4, 0.1).overlaps(pa.array([text], pa.large_string()), 0.2)
    (span,) = found.spans
    assert text[span.start : span.end] == "The ﬁrst ORDER of the day, is shipped"
    assert found.quote == "the first order of"
    assert found.containment == pytest.approx(5 / 7)


def test_words_that_only_share_their_hash_are_no_finding():
    """With the hashes of one case and the words of another, the scan proposes and the comparison refuses."""
    index = build_index({"a": "one two three four five", "b": "short"}, 3, 0.1)
    forged = replace(index, case_texts=("six seven eight nine ten", "other"))
    texts = pa.array(["say one two three four five", "short"], pa.large_string())
    assert [row for row, _ in index.overlaps(texts, 0.2)] == [0, 1]
    assert list(forged.overlaps(texts, 0.2)) == []


def test_the_index_can_be_sent_to_another_process():
    index = build_index({"a": "one two three four five", "b": "short"}, 3, 0.1)
    texts = pa.array(["one two three four", "short"], pa.large_string())
    assert list(pickle.loads(pickle.dumps(index)).overlaps(texts, 0.2)) == list(index.overlaps(texts, 0.2))  # noqa: S301 - our own bytes


def test_the_index_over_the_same_cases_is_built_once():
    cases = {"a": "one two three"}
    assert index_for(cases, 2, 0.1) is index_for(dict(cases), 2, 0.1)
    assert index_for(cases, 2, 0.1) is not index_for({"a": "one two four"}, 2, 0.1)


def test_no_cases_and_no_texts_give_nothing():
    assert list(build_index({}, 8, 0.1).overlaps(pa.array(["one"], pa.large_string()), 0.2)) == []
    assert list(build_index({"a": "one"}, 8, 0.1).overlaps(pa.array([], pa.large_string()), 0.2)) == []


def test_a_sliced_column_is_read_in_its_place():
    texts = pa.array(["zero", "one", None, "short"], pa.large_string())
    assert [row for row, _ in build_index({"b": "short"}, 8, 0.1).overlaps(texts.slice(1), 0.2)] == [2]
