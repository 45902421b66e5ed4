"""Pseudonyms are natural, nobody's, consistent in a record and the same on every run."""

from __future__ import annotations

import pytest

from preceptor.governance.personal_data import find_personal_data
from preceptor.governance.personal_data_locale import locales
from preceptor.governance.pseudonyms import Pseudonyms
from preceptor.governance.replacement import replace_spans

TEXTS = [
    "write to maria@example.org",
    "call +34 612 345 678 or (212) 555-0142",
    "my phone: 2125550142",
    "card 4111 1111 1111 1111",
    "amex 3782-822463-10005",
    "IBAN GB29 NWBK 6016 1331 9268 19",
    "from 203.0.113.7 and 2001:db8::8a2e:370:7334",
    "ssn 078-05-1120",
    "DNI 12345678Z, NIE X1234567L, CIF A58818501",
    "NASS: 22 67134651 89, afiliado 281234567840",
    "NI AB 12 34 56 C, NHS number 943 476 5919",
    "born on 10/12/1815, ZIP: 90210, passport AB1234567",
    "device 00:1b:63:84:45:e6",
    "to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa or 0x52908400098527886E0F7030069857D2E4169EE7",
    "password: hunter2! postgresql://ada:s3cret@db/x",
]


def redacted(text: str, seed: str) -> str:
    findings = find_personal_data(text)
    names = Pseudonyms(seed=seed)
    values = [names.stand_in(one.type, text[one.start : one.end]) for one in findings]
    return replace_spans(text, findings, values).text


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("seed", ["r1", "r2", "r3"])
def test_a_scan_passes_over_pseudonyms_and_no_value_stays(text, seed):
    values = [text[one.start : one.end] for one in find_personal_data(text)]
    made = redacted(text, seed)
    assert values
    assert not any(value in made for value in values)
    assert find_personal_data(made) == []


def test_the_same_record_gets_the_same_on_every_run_and_others_get_others():
    text = "card 4111 1111 1111 1111, mail maria@example.org"
    assert redacted(text, "r1") == redacted(text, "r1") != redacted(text, "r2")


def test_the_pseudonym_does_not_follow_from_the_value():
    """Whoever guesses the value cannot see in the text that the guess is right."""
    assert redacted("maria@example.org", "r1") == redacted("juan@example.org", "r1")


def test_two_values_get_two_pseudonyms():
    names = Pseudonyms(seed="r1")
    assert len({names.stand_in("EMAIL", f"a{number}@b.org") for number in range(200)}) == 200


def test_forms_are_kept():
    made = redacted("card 4111 1111 1111 1111", "r1").removeprefix("card ")
    assert [len(group) for group in made.split()] == [4, 4, 4, 4]
    assert made[0] == "4"


def test_keys_and_passwords_get_placeholders():
    assert redacted("password: hunter2!", "r1") == "password: [SECRET_1]"


def test_parts_of_a_name_get_parts_of_one_pseudonym():
    names = Pseudonyms(seed="r1", names=["Maria Lopez", "Maria", "Dr. Lopez"], locales=locales(("en",)))
    whole = names.stand_in("PERSON", "Maria Lopez")
    given, family = whole.split()
    assert names.stand_in("PERSON", "Maria") == given
    assert names.stand_in("PERSON", "Dr. Lopez") == f"Dr. {family}"
    assert names.stand_in("PERSON", "MARIA LOPEZ") == whole.upper()
    assert {given, family} & {"Maria", "Lopez"} == set()


def test_two_people_share_no_name():
    names = Pseudonyms(seed="r1", names=["Maria Lopez", "Juan Perez"], locales=locales(("es",)))
    first, second = names.stand_in("PERSON", "Maria Lopez"), names.stand_in("PERSON", "Juan Perez")
    assert not {*first.split()} & {*second.split()}
    assert first.split()[0] in locales(("es",))[0].given_names
