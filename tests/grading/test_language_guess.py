"""Languages told from short texts (Universal Declaration of Human Rights, article 1, first sentence)."""

# ruff: noqa: RUF001 - letters of other scripts are meant as they stand

from __future__ import annotations

import pytest

from preceptor.grading.language_guess import KNOWN_LANGUAGES, possible_languages

ARTICLE_1 = {
    "en": "All human beings are born free and equal in dignity and rights.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.",
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "tr": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
    "ru": "Все люди рождаются свободными и равными в своём достоинстве и правах.",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "ar": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق، وعليهم أن يعامل بعضهم بعضا.",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "zh": "人人生而自由,在尊严和权利上一律平等。",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "th": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
}


@pytest.mark.parametrize("code", sorted(ARTICLE_1))
def test_one_sentence_is_enough(code):
    assert possible_languages(ARTICLE_1[code]) == {code}
    assert possible_languages(ARTICLE_1[code].upper()) == {code}


def test_a_name_may_be_in_every_language_of_its_script():
    assert {"en", "fi"} <= possible_languages("Acme Analytics")
    assert not {"ru", "ja"} & possible_languages("Acme Analytics")


def test_a_foreign_word_does_not_change_the_language():
    assert possible_languages("The word Привет is what they say in the morning.") == {"en"}


def test_no_letters_could_be_anything():
    assert possible_languages("42!") == KNOWN_LANGUAGES
