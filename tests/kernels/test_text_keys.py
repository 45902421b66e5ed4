"""The compiled keys are equal where the plain forms are."""

from __future__ import annotations

import itertools

import pyarrow as pa
import pytest

from preceptor.datasets.normal_text import normalise
from preceptor.kernels.text_keys import text_keys

TEXTS = [
    "", " ", "a", "A", "a b", "a  b", " a\tb\n", "ab", "a-b", "a+b", "Ärger", "ärger", "\uff28ello", "hello", "\u2003hello", "ﬁne", "fine",
    "退款 x", "退款  X", "C++", "C#", "c#", "straße", "STRASSE", "x\x1fy", "x y", "word" * 5000,
]  # fmt: skip


def test_texts_have_one_key_exactly_where_their_normalised_forms_are_equal():
    keys = text_keys(pa.array(TEXTS, pa.large_string())).texts
    for one, other in itertools.combinations(range(len(TEXTS)), 2):
        assert (keys[one] == keys[other]) == (normalise(TEXTS[one]) == normalise(TEXTS[other])), (
            TEXTS[one],
            TEXTS[other],
        )


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("send it to Ada Lovelace now", "send it to Bob now", True),
        ("send it to (Ada), please", "send it to Bob please", True),
        ("order 12 is late", "order 12-b7 is late", True),
        ("order Ada is late", "order 12 is late", True),
        ("order is late", "order 12 is late", False),
        ("Ünal wrote this", "Ada wrote this", True),
        ("the order is late", "the parcel is late", False),
    ],
)
def test_templates_differ_in_names_and_numbers_only(one, other, is_same):
    keys = text_keys(pa.array([one, other], pa.large_string())).templates
    assert (keys[0] == keys[1]) == is_same


def test_the_words_of_the_template_are_counted():
    assert text_keys(pa.array(["Please send 2 of them to Ada", "", "A 1"], pa.large_string())).num_words.tolist() == [
        4,
        0,
        0,
    ]


def test_a_slice_of_a_column_has_the_same_keys():
    column = pa.array(TEXTS, pa.large_string())
    assert text_keys(column[3:9]).texts.tolist() == text_keys(column).texts.tolist()[3:9]


def test_keys_are_the_same_on_every_machine():
    """FNV-1a over a word's characters, MurmurHash3's finaliser, the same over the words: in plain Python."""
    wide = 2**64 - 1

    def stirred(value):
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            value = (value ^ (value >> 33)) * factor & wide
        return value ^ (value >> 33)

    text = 0xCBF29CE484222325
    for word in ("refund", "me"):
        hashed = 0xCBF29CE484222325
        for letter in word:
            hashed = (hashed ^ ord(letter)) * 0x100000001B3 & wide
        text = (text ^ stirred(hashed)) * 0x100000001B3 & wide
    assert text_keys(pa.array(["Refund me"], pa.large_string())).texts[0] == stirred(text)
