"""What a locale is: the words, numbers and names by which a country's personal data is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Protocol

from preceptor.core.registry import Registry
from preceptor.governance.personal_data_pattern import PersonalDataPattern


@dataclass(frozen=True, kw_only=True)
class Locale:
    """All that is known of a locale; words are in small letters.

    `phone_regions` are ISO 3166 codes of numbering plans whose numbers people write with neither + nor 0 in front.
    `phone_words` stand before a telephone number, `phone_words_after` behind it, `other_number_words` before a number
    that only looks like one. `password_words` stand before a password. `patterns` are its own identifiers: national
    numbers, and what stands after a word, such as a date of birth. `ner_models` are the spaCy packages that read its
    language, the best first. `name_cues` are words that stand before a name, such as a title. `given_names` and
    `family_names` are for pseudonyms, common ones that name nobody.
    """

    language: str
    phone_regions: tuple[str, ...] = ()
    phone_words: tuple[str, ...] = ()
    phone_words_after: tuple[str, ...] = ()
    other_number_words: tuple[str, ...] = ()
    password_words: tuple[str, ...] = ()
    patterns: tuple[PersonalDataPattern, ...] = ()
    name_cues: tuple[str, ...] = ()
    ner_models: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    family_names: tuple[str, ...] = ()


class PersonalDataLocale(Protocol):
    """A plugin that holds one locale; its file is named by the language (ISO 639-1)."""

    version: ClassVar[int]
    locale: ClassVar[Locale]


personal_data_locales: Registry[PersonalDataLocale] = Registry(
    kind="personal_data_locale", folder="preceptor.governance.personal_data_locales"
)


@cache
def locales(names: Sequence[str] = ()) -> tuple[Locale, ...]:
    """The locales of these names, in their order; all there are without names. Raises NotFoundError."""
    return tuple(personal_data_locales.get(name).locale for name in names or personal_data_locales.names())


def all_words(names: Sequence[str], field: str) -> tuple[str, ...]:
    """The words that these locales have in one of their fields, each once, the longest first."""
    words = {word for locale in locales(tuple(names)) for word in getattr(locale, field)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
