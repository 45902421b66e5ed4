"""Self-BLEU and distinct n-grams by hand."""

from __future__ import annotations

import time
from collections import Counter
from math import exp, log

import numpy as np
import pytest

from preceptor.datasets.self_bleu import distinct_share, self_bleu


def test_two_texts_that_differ_in_the_last_word():
    """Precisions 3/4, 2/3, 1/2 and a smoothed 0.1/1: their product is .025, for both texts."""
    assert self_bleu([list("a b c d"[::2]), list("a b c e"[::2])]) == pytest.approx(0.025**0.25)


def test_counts_are_clipped_to_the_most_in_one_other_text():
    """The first finds two a's in the third text, not three in both: 2/4, 1/3, .1/2, .1/1.

    "a x y z": 1/4, .1/3, .1/2, .1/1. "a a u v": 2/4, 1/3, .1/2, .1/1.
    """
    texts = [list("a a a a"[::2]), list("a x y z"[::2]), list("a a u v"[::2])]
    expected = [(2 / 4 * 1 / 3 * 0.1 / 2 * 0.1) ** 0.25] * 2 + [(1 / 4 * 0.1 / 3 * 0.1 / 2 * 0.1) ** 0.25]
    assert self_bleu(texts) == pytest.approx(sum(expected) / 3)


def test_a_text_shorter_than_all_others_pays():
    """Precisions of the short one are 1; its only reference has twice its length: exp(1 - 2). The long one: 4/8, 3/7, 2/6, 1/5."""
    short, long = list("a b c d"[::2]), list("a b c d e f g h"[::2])
    assert self_bleu([short, long]) == pytest.approx((exp(-1) + (4 / 8 * 3 / 7 * 2 / 6 * 1 / 5) ** 0.25) / 2)


def test_it_agrees_with_each_text_against_all_others():
    """The fast way over all texts at once gives what the definition gives pair by pair (seed 3)."""
    rng = np.random.default_rng(3)
    texts = [rng.choice(list("abcdef"), rng.integers(4, 13)).tolist() for _ in range(25)]

    def plain(place):
        text, others = texts[place], texts[:place] + texts[place + 1 :]
        total = 0.0
        for size in range(1, 5):
            grams = [
                Counter(tuple(one[at : at + size]) for at in range(len(one) - size + 1)) for one in [text, *others]
            ]
            matched = sum(min(count, max(other[gram] for other in grams[1:])) for gram, count in grams[0].items())
            total += log((matched or 0.1) / grams[0].total()) / 4
        nearest = min((abs(len(other) - len(text)), len(other)) for other in others)[1]
        return exp(total) * (1 if len(text) >= nearest else exp(1 - nearest / len(text)))

    assert self_bleu(texts) == pytest.approx(sum(map(plain, range(25))) / 25)


def test_too_little_text_has_no_value():
    assert self_bleu([]) is None
    assert self_bleu([list("a b c d"[::2]), ["short"]]) is None
    assert distinct_share([["a"]], 2) is None


def test_distinct_n_counts_over_all_texts():
    """Bigrams ab, bc, ab, bd: 3 different of 4."""
    assert distinct_share([list("a b c"[::2]), list("a b d"[::2])], 2) == 0.75


def test_a_thousand_texts_take_seconds():
    """Pair by pair they would be a million comparisons."""
    texts = [[f"w{(place * step) % 997}" for step in range(60)] for place in range(1_000)]
    started = time.process_time()
    self_bleu(texts)
    assert time.process_time() - started < 10
