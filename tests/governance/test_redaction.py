"""A record is redacted as one: the same value by the same stand-in in all of its texts, JSON stays JSON."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.governance.layers import Layers, make_layers
from preceptor.governance.personal_data import PersonalDataFinding, first_layer
from preceptor.governance.redaction import Redaction, redaction_of


def person(text: str, name: str) -> PersonalDataFinding:
    start = text.index(name)
    return PersonalDataFinding(type="PERSON", start=start, end=start + len(name), layer="ner")


def redaction(*texts: str, style="placeholder", names: tuple[str, ...] = ()) -> Redaction:
    layers = make_layers()
    pairs = [
        (
            text,
            sorted(
                [*layers.find_first(text), *(person(text, name) for name in names if name in text)],
                key=lambda one: one.start,
            ),
        )
        for text in texts
    ]
    return redaction_of(layers, pairs, style=style, seed="r1", locale_names=("en",))


def test_the_same_value_gets_the_same_in_all_texts_and_in_json():
    first, arguments = "mail a@b.org or c@d.org", '{"to": "c@d.org"}'
    record = redaction(first, arguments)
    assert record.text(first).text == "mail [EMAIL_1] or [EMAIL_2]"
    assert json.loads(record.json_text(arguments)) == {"to": "[EMAIL_2]"}
    assert record.counts == {"EMAIL": 3}


def test_json_stays_json_where_a_number_is_personal():
    text = '{"card": 4111111111111111, "n": 3, "ok": true}'
    assert json.loads(redaction(text).json_text(text)) == {"card": "[CARD_1]", "n": 3, "ok": True}


def test_the_key_says_what_a_value_is():
    text = '{"phone_number": "2125550142", "password": "hunter2!", "order": "2125550142x"}'
    made = json.loads(redaction(text).json_text(text))
    assert made == {"phone_number": "[PHONE_1]", "password": "[SECRET_1]", "order": "2125550142x"}


def test_an_escaped_value_is_found():
    text = '{"to": "ada\\u0040example.org"}'
    assert json.loads(redaction(text).json_text(text)) == {"to": "[EMAIL_1]"}


def test_json_without_personal_data_keeps_its_spelling():
    text = '{ "n" : 1.0 }'
    assert redaction(text).json_text(text) == text


def test_a_person_is_one_also_where_only_a_part_of_the_name_stands():
    first, second = "I am Maria Lopez.", "Thanks, Maria!"
    for style, wanted in (("placeholder", "Thanks, [PERSON_1]!"), ("natural", None)):
        record = redaction(first, second, style=style, names=("Maria Lopez",))
        whole = record.text(first).text
        part = record.text(second).text
        assert wanted is None or part == wanted
        assert part == f"Thanks, {whole.removeprefix('I am ').removesuffix('.').split()[0]}!"


def test_a_short_value_is_not_replaced_everywhere():
    """Three letters that stand somewhere else too are no reason to change that."""
    record = redaction("I am Kim.", "Kim chi", names=("Kim",))
    record.found = {}
    assert record.text("Kim chi").text == "Kim chi"


def test_types_that_are_allowed_stay():
    layers = make_layers((), (), "off", frozenset({"EMAIL"}))
    record = redaction_of(layers, [], style="placeholder", seed="r1")
    assert record.text("a@b.org at 203.0.113.7").text == "a@b.org at [IP_ADDRESS_1]"


def test_types_of_the_second_layer_need_it():
    with pytest.raises(InputError, match="PERSON is found by the second layer only"):
        make_layers(("PERSON",))
    with pytest.raises(InputError, match="no layer finds 'NAME'"):
        make_layers(("NAME",))


def test_layers_give_each_record_its_own():
    found = list(Layers(first=first_layer()).find_in([["a@b.org", "x"], [], ["c@d.org"]]))
    assert [[len(own) for own in record] for record in found] == [[1, 0], [], [1]]
