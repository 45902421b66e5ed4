"""The second layer finds names without the network, and reads only what calls for it."""

from __future__ import annotations

import importlib.util
import itertools
import socket

import pytest

from preceptor.core.errors import InputError
from preceptor.governance import ner_layer as module
from preceptor.governance.layers import make_layers
from preceptor.governance.ner_layer import NerLayer, missing_ner, ner_layer
from preceptor.governance.personal_data import find_personal_data

needs_model = pytest.mark.skipif(missing_ner(("en",)) is not None, reason="the extra `privacy` is not installed")
TEXT = "Hi, this is Maria Lopez from Springfield. Write to maria@example.org."


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_arguments: object) -> None:
        raise AssertionError("the second layer must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@needs_model
def test_names_and_places_are_found_without_the_network(no_network):
    found = [(one.type, TEXT[one.start : one.end], one.layer) for one in ner_layer(("en",)).find(TEXT)]
    assert ("PERSON", "Maria Lopez", "ner") in found
    assert ("LOCATION", "Springfield", "ner") in found


@needs_model
def test_findings_of_the_first_layer_stand_where_both_claim():
    first = find_personal_data(TEXT)
    both = ner_layer(("en",)).add(TEXT, first)
    assert [one for one in both if one.layer == "patterns"] == first
    assert all(before.end <= after.start for before, after in itertools.pairwise(both))


@needs_model
def test_a_long_text_is_read_in_parts_with_the_offsets_of_the_whole(monkeypatch):
    monkeypatch.setattr(module, "CHARACTERS_AT_ONCE", 200)
    monkeypatch.setattr(module, "LONGEST_WORD", 50)
    text = ("The parcel is late again and nobody answers. " * 6) + "My name is Maria Lopez."
    assert "Maria Lopez" in [text[one.start : one.end] for one in ner_layer(("en",)).find(text)]


@pytest.mark.parametrize(
    ("text", "is_needed"),
    [
        ("My name is Ada Lovelace.", True),
        ("Dear Mr. Babbage,", True),
        ("Me llamo Ada.", False),  # Spanish, and the layer reads English
        ("the name of the file", False),
        ("2 + 2 = 4", False),
    ],
)
def test_a_name_is_announced(text, is_needed):
    assert NerLayer().needs([text], has_findings=False) is is_needed


def test_a_spanish_name_is_announced_in_spanish():
    assert NerLayer(language="es").needs(["Me llamo Ada."], has_findings=False)


def test_a_record_with_findings_is_read():
    assert NerLayer().needs(["anything"], has_findings=True)


@needs_model
def test_the_policy_decides_what_is_read(monkeypatch):
    read: list[str] = []
    monkeypatch.setattr(NerLayer, "find", lambda _self, text: read.append(text) or [])
    records = [["My name is Ada."], ["two and two", "is four"], ["a@b.org", '{"to": "a@b.org"}']]
    list(make_layers((), ("en",), "needed").find_in(records))
    assert read == ["My name is Ada.", "a@b.org"]
    read.clear()
    list(make_layers((), ("en",), "all").find_in(records))
    assert read == ["My name is Ada.", "two and two", "is four", "a@b.org"]
    read.clear()
    list(make_layers((), ("en",)).find_in(records))
    assert read == []


def test_what_is_missing_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(InputError, match=r"pip install 'preceptor\[privacy\]'"):
        ner_layer(("en",))
