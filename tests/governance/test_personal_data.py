"""Personal data is found where it stands, left alone where it is none, and in linear time."""

from __future__ import annotations

import itertools
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.governance.personal_data import RecordRedactor, find_personal_data, redact
from preceptor.governance.personal_data_pattern import personal_data_patterns

# Values published as examples or reserved for documentation (RFC 5737, RFC 3849, ISO 13616, card networks' test numbers).
FOUND = [
    ("EMAIL", "mail {} now", "ada@example.org"),
    ("EMAIL", "<{}>", "ada.lovelace+news@mail.example.co.uk"),
    ("EMAIL", "'{}',", "jürgen@exämple.de"),
    ("EMAIL", "see {}.", "a_b@example.org"),
    ("PHONE", "call {} please", "+44 20 7946 0958"),
    ("PHONE", "call {}", "+1 (212) 555-0142"),
    ("PHONE", "call {}.", "(212) 555-0142"),
    ("PHONE", "call {},", "212-555-0142"),
    ("PHONE", "dial {}", "0049 30 901820"),
    ("PHONE", "ring {}", "07700 900 123"),
    ("PHONE", "Tél {}", "01 99 00 12 34"),
    ("PHONE", "my phone: {}", "2125550142"),
    ("PHONE", '{{"phone": "{}"}}', "2125550142"),
    ("PHONE", "mobile is {}", "699 956 915"),
    ("PHONE", "Phone:\n{}\n", "60-56-85-91"),
    ("PHONE", "Desk: {}", "898-666-3621 x0135"),
    ("PHONE", "a\\,{}-Fax", "+447700900815"),
    ("CARD", "card {}", "4111111111111111"),
    ("CARD", "card {} 12/27", "4111 1111 1111 1111"),
    ("CARD", "amex {}", "3782-822463-10005"),
    ("CARD", "x {} y", "5555555555554444"),
    ("CARD", "x {} y", "6011111111111117"),
    ("CARD", "id 17 {}", "4012888888881881"),
    ("IBAN", "to {}", "GB29NWBK60161331926819"),
    ("IBAN", "to {} today", "DE89 3704 0044 0532 0130 00"),
    ("IBAN", "to {}", "fr1420041010050500013m02606"),
    ("IP_ADDRESS", "from {}", "203.0.113.7"),
    ("IP_ADDRESS", "from {}:443", "203.0.113.7"),
    ("IP_ADDRESS", "from {}", "2001:db8::8a2e:370:7334"),
    ("IP_ADDRESS", "from [{}]", "2001:db8:85a3:0:0:8a2e:370:7334"),
    ("US_SSN", "ssn {}", "078-05-1120"),
    ("URL_CREDENTIALS", "postgresql://{}@db.example.org/x", "ada:hunter2"),
    ("SECRET", "key {}", "sk-proj-abcdefghijklmnopqrstuvwx"),
    ("SECRET", "key {}", "AKIAIOSFODNN7EXAMPLE"),
    ("SECRET", "key {}", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    ("SECRET", "Authorization: Bearer {}", "8fK2mQ9xZ4wL7vB1"),
    ("SECRET", "password: {}", "hunter2!"),
    ("SECRET", '{{"api_key": "{}"}}', "8fK2mQ9xZ4wL7vB1"),
    ("US_SSN", "SSN is {}", "078051120"),
    ("ES_NIF", "DNI {}", "12345678Z"),
    ("ES_NIF", "mi dni es {}.", "12.345.678-Z"),
    ("ES_NIE", "NIE {}", "X1234567L"),
    ("ES_CIF", "la empresa {},", "A58818501"),
    ("ES_SOCIAL_SECURITY", "afiliado {}", "281234567840"),
    ("ES_SOCIAL_SECURITY", "NASS: {}.", "22 67134651 89"),
    ("UK_NINO", "NI number {}", "AB 12 34 56 C"),
    ("UK_NHS", "NHS number {}", "943 476 5919"),
    ("PASSPORT", "passport no. {}", "AB1234567"),
    ("DRIVER_LICENSE", "my driver's license number is {}", "F162823540116"),
    ("MEDICAL_RECORD", "NHC: {}.", "2569870"),
    ("DATE_OF_BIRTH", "born on {} in Bath", "10 December 1815"),
    ("DATE_OF_BIRTH", "FECHA DE NACIMIENTO: {}.", "10/10/1963"),
    ("DATE_OF_BIRTH", "nació el {}", "3 de mayo de 1975"),
    ("POSTAL_CODE", "Código postal: {}", "28035"),
    ("POSTAL_CODE", "ZIP: {}", "90210-1234"),
    ("PHONE", "su número es {} ", "612 345 678"),
    ("PHONE", "MÓVIL: {}", "612345678"),
    ("PHONE", "{}-Fax", "0496 464670"),
    ("MAC_ADDRESS", "device {}", "00:1b:63:84:45:e6"),
    ("CRYPTO_ADDRESS", "to {}", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    ("CRYPTO_ADDRESS", "to {}", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ("CRYPTO_ADDRESS", "to {}", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
    ("CRYPTO_ADDRESS", "to {}", "0x52908400098527886E0F7030069857D2E4169EE7"),
    ("CARD", "card {} ", "503847830216"),
    ("SECRET", "contraseña: {}", "hunter2!"),
    ("SECRET", "DB_PASSWORD={}", "hunter2!"),
    ("SECRET", "AccountKey={}", "A" * 85 + "x=="),
    ("SECRET", "{}", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
]

NOT_FOUND = [
    "order 3348917502 is late",
    "order number: 212-555-0142",
    "ticket #212-555-0142",
    "reservation 4WQ150",
    "on 2024-05-20 at 12:30:45",
    "on 05.06.2024 and 05-06-2024",
    "1,234,567,890 dollars",
    "0.4111111111111111",
    "card 4111111111111112",  # wrong check digit
    "GB29NWBK60161331926818",  # wrong check digits
    "ZZ29NWBK60161331926819",  # no such country
    "version 1.2.3.4",
    "v1.2.3.4 is out",
    "127.0.0.1 and ::1",
    "std::string",
    "a:b:c",
    "000-12-3456",  # never issued
    "the password is required",
    "token limit: 4096",
    "secret: confidential",
    "@ada on the site",
    "2024@example",
    "https://example.org/a@b",
    "id 123e4567-e89b-12d3-a456-426614174000",
    "DNI 12345678A",  # wrong letter
    "A58818502",  # wrong control digit
    "281234567841",  # wrong check digits
    "NHS number 9434765918",  # wrong check digit
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",  # wrong checksum
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",  # wrong checksum
    "612 345 678 euros",
    "they have 650 - 228 - 146 = 276 left",
    "his phone can hold 10800-2500=8300 songs",
    "ff:ff:ff:ff:ff:ff",
    "on 12/05/1999 the shop opened",
    "kim.jones@mail.invalid",
    "phone: 555-0142",
    "listening on 0.0.0.0:80",
    "https://example.org/page",
    "flight HAT136 from JFK to ATL",
]

PIECES = [
    "a",
    "@",
    ".",
    "1",
    " ",
    "-",
    ":",
    "+",
    "(",
    "sk-",
    "eyJ",
    "://",
    "4 ",
    "0a:",
    "GB2",
    "password=",
    "1.",
    "a@a.",
    "4111 ",
    "GB29 ",
    "01 99 ",
    "tel ",
    "born ",
    "zip 1",
    "1 born ",
    "0x1",
    "bc1q",
    "::1",
    "00:",
    "612 34 ",
    "phone 1 ",
    "1 phone ",
    "nass ",
    "ñ@",
]


@pytest.fixture
def time_limit() -> Iterator[None]:
    """A linear scan of these texts takes about a second, a quadratic one at least half an hour: thirty seconds divide them."""

    def stop(_number: int, _frame: object) -> None:
        raise TimeoutError("the scan is not linear")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(("kind", "frame", "value"), FOUND)
def test_value_is_found_exactly(kind, frame, value):
    text = frame.format(value)
    found = [(one.type, text[one.start : one.end]) for one in find_personal_data(text)]
    assert found == [(kind, value)]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_text_is_left_alone(text):
    assert find_personal_data(text) == []


def test_same_value_gets_the_same_placeholder():
    assert redact("a@b.org, c@d.org, a@b.org").text == "[EMAIL_1], [EMAIL_2], [EMAIL_1]"


def test_placeholders_are_consistent_over_the_texts_of_one_record():
    record = RecordRedactor()
    record.redact("from a@b.org")
    assert record.redact("c@d.org and a@b.org").text == "[EMAIL_2] and [EMAIL_1]"
    assert record.num_redactions == 3


def test_each_type_counts_for_itself():
    assert redact("a@b.org at 203.0.113.7").text == "[EMAIL_1] at [IP_ADDRESS_1]"


def test_overlapping_claims_go_to_the_stronger_pattern():
    """`pass@host.org` in a URL looks like an e-mail address; the credentials have it."""
    assert redact("ftp://ada:pass@host.org/").text == "ftp://[URL_CREDENTIALS_1]@host.org/"


def test_private_key_is_redacted_as_one():
    text = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nbye"
    assert redact(text).text == "[SECRET_1]\nbye"


def test_private_key_that_is_cut_off_is_redacted_to_the_end():
    assert redact("x -----BEGIN PRIVATE KEY-----\nMIIE").text == "x [SECRET_1]"


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab@.:/-+ 0123456789()#\n[]")))
def test_findings_are_in_order_and_never_overlap(text):
    found = find_personal_data(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@settings(deadline=None)
@given(st.lists(st.sampled_from([value for _, _, value in FOUND] + ["and", "then"]), max_size=5))
def test_redacted_text_holds_nothing_more(values):
    """What is redacted stays as it is when it is redacted again."""
    once = redact("; ".join(values)).text
    assert redact(once).text == once


@pytest.mark.parametrize("piece", PIECES)
def test_long_text_of_one_piece_is_read_in_linear_time(piece, time_limit):
    find_personal_data(piece * (300_000 // len(piece)))


@pytest.mark.parametrize("tail", ["@", "!", ".", ":"])
def test_megabyte_that_nearly_matches_is_read_in_linear_time(tail, time_limit):
    find_personal_data("-----BEGIN PRIVATE KEY" * 10_000 + "eyJ" + "a" * 500_000 + tail + "1" * 250_000 + tail)


def test_many_findings_are_kept_apart_in_linear_time(time_limit):
    assert len(find_personal_data("a@b.org 203.0.113.7 " * 15_000)) == 30_000


def test_every_pattern_says_what_it_finds():
    for name in personal_data_patterns.names():
        pattern = personal_data_patterns.create(name)
        assert pattern.type == pattern.type.upper()
        assert pattern.version >= 1
        assert ">>>" in (type(pattern).__doc__ or "")


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("entity", "least_recall"), [("EMAIL_ADDRESS", 1.0), ("IP_ADDRESS", 1.0), ("IBAN_CODE", 0.9), ("CREDIT_CARD", 0.9)]
)
def test_recall_on_presidio_research(shared_data: Path, entity, least_recall):
    """Of the annotated values of types with a fixed form, nearly all are covered whole."""
    rows = json.loads((shared_data / "presidio_research" / "synth_dataset_v2.json").read_text(encoding="utf-8"))
    hits, total = 0, 0
    for row in rows:
        wanted = [span for span in row["spans"] if span["entity_type"] == entity]
        found = find_personal_data(row["full_text"]) if wanted else []
        total += len(wanted)
        hits += sum(
            any(one.start <= span["start_position"] and one.end >= span["end_position"] for one in found)
            for span in wanted
        )
    assert total > 10
    assert hits / total >= least_recall


@pytest.mark.shared_data
def test_customers_of_abcd_are_not_named_by_address_or_number(shared_data: Path):
    """What the ABCD scenarios call the customer's e-mail and phone is gone from what was said."""
    conversations = json.loads((shared_data / "abcd_support" / "abcd_sample.json").read_text(encoding="utf-8"))
    redactions = 0
    for conversation in conversations:
        said = redact("\n".join(text for _, text in conversation["original"]))
        personal = conversation["scenario"]["personal"]
        assert not any(personal[key] in said.text for key in ("email", "phone") if personal.get(key))
        redactions += len(said.findings)
    assert redactions == 4
