"""A locale is one file: dropping it in is all there is to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.governance import personal_data_locales as folder
from preceptor.governance.personal_data import find_personal_data, first_layer
from preceptor.governance.personal_data_locale import all_words, locales

# The French number of the social security: its key is 97 minus the rest of the number modulo 97.
FRENCH = '''
"""French."""

from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.after_words import AfterWords
from preceptor.governance.personal_data_locale import Locale
from preceptor.governance.written_number import WrittenNumber


def _has_right_key(value: str) -> bool:
    digits = value.replace(" ", "")
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


@dataclass(frozen=True, kw_only=True)
class Fr:
    """French."""

    version: ClassVar[int] = 1
    locale: ClassVar[Locale] = Locale(
        language="fr",
        phone_words=("appelez le",),
        password_words=("mot de passe",),
        patterns=(
            WrittenNumber(
                type="FR_NIR",
                form="[12] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
                is_valid=_has_right_key,
            ),
            AfterWords(type="POSTAL_CODE", words=("code postal",), value="[0-9]{5}"),
        ),
    )
'''


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "fr.py").write_text(FRENCH, encoding="utf-8")
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    yield
    sys.modules.pop(f"{folder.__name__}.fr", None)
    locales.cache_clear()


def types_in(text: str, *names: str) -> list[str]:
    return [found.type for found in first_layer(locale_names=names).find(text)]


def test_one_file_adds_a_locale(french):
    """2 55 08 14 168 025 38 is the example in INSEE's description of the number."""
    assert types_in("NIR 2 55 08 14 168 025 38", "fr") == ["FR_NIR"]
    assert "FR_NIR" not in types_in("NIR 2 55 08 14 168 025 39", "fr")
    assert types_in("Code postal : 75001", "fr") == ["POSTAL_CODE"]
    assert types_in("appelez le 1234567", "fr") == ["PHONE"]
    assert types_in("mot de passe: s3cret!x", "fr") == ["SECRET"]


def test_only_the_words_and_numbers_of_the_chosen_locales_count():
    assert types_in("DNI 12345678Z", "en") == []
    assert types_in("DNI 12345678Z", "es") == ["ES_NIF"]
    assert types_in("ssn 478-05-1120", "es") == []
    assert types_in("móvil 612345678", "en") == []


def test_all_locales_count_where_none_is_named():
    assert [found.type for found in find_personal_data("DNI 12345678Z, ssn 078-05-1120")] == ["ES_NIF", "US_SSN"]


def test_words_come_longest_first():
    """So that "social security number" is not read as "social security" and a rest."""
    words = all_words((), "phone_words")
    assert [len(word) for word in words] == sorted(map(len, words), reverse=True)


def test_unknown_locales_and_types_are_named():
    with pytest.raises(NotFoundError, match="no personal_data_locale named 'xx'; there are: en, es"):
        first_layer(locale_names=("xx",))
    with pytest.raises(InputError, match="no pattern finds 'EMIAL'"):
        first_layer(("EMIAL",))


def test_web_addresses_are_found_only_where_asked_for():
    text = "see https://example.org/~ada."
    assert find_personal_data(text) == []
    assert [text[one.start : one.end] for one in first_layer(("URL",)).find(text)] == ["https://example.org/~ada"]
