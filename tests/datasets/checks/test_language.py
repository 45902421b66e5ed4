"""Language: what is surely in another language is told, what is short or mixed is not."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.language import Language
from preceptor.datasets.checks.language_tag import LanguageTag
from preceptor.datasets.run_checks import conclude_check, find_in

TEXTS = {
    "en": "Your order left our warehouse this morning and should arrive within three working days.",
    "es": "Tu pedido ha salido hoy de nuestro almacén y debería llegar en tres días laborables.",
    "de": "Ihre Bestellung hat heute unser Lager verlassen und sollte in drei Werktagen ankommen.",
    "fr": "Votre commande a quitté notre entrepôt ce matin et devrait arriver sous trois jours ouvrés.",
    "ru": "Ваш заказ сегодня утром покинул наш склад и должен прибыть в течение трёх рабочих дней.",
    "ja": "ご注文の商品は本日倉庫から発送されました。三営業日以内にお手元に届く予定ですので、もう少々お待ちください。",
}


def reasons(records, **settings):
    return [finding.reason for finding in find_in(Language(**settings), records, CheckContext())]


def test_each_language_is_told_from_the_expected_ones(sft):
    records = [sft("x", text) for text in TEXTS.values()]
    assert reasons(records, expected=("en", "de")) == [
        f"reads as {code}, expected is en, de" for code in ("es", "fr", "ru", "ja")
    ]


def test_a_record_that_says_another_language_is_told(sft):
    records = [sft("x", TEXTS["en"], language="en-GB"), sft("x", TEXTS["es"], language="en"), sft("x", TEXTS["es"])]
    assert reasons(records) == ["reads as es, it says en"]


def test_short_texts_code_and_addresses_are_not_judged(sft):
    records = [
        sft("x", "Sí, claro."),
        sft("x", f"```\n{TEXTS['es']}\n```"),
        sft("x", "https://example.org/una/pagina/muy/larga/de/ayuda/del/cliente 123456"),
    ]
    assert reasons(records, expected=("en",)) == []


def test_a_mixed_text_is_not_judged(sft):
    mixed = " ".join(
        word for pair in zip(*(TEXTS[code].split() for code in ("en", "es", "de", "fr")), strict=False) for word in pair
    )
    assert reasons([sft("x", mixed)], expected=("ja",), min_confidence=0.9) == []


def test_a_short_answer_is_judged_with_its_prompt(sft):
    assert reasons([sft(TEXTS["fr"], "Oui.")], expected=("en",)) == ["reads as fr, expected is en"]


def test_capitals_and_line_breaks_do_not_mislead(sft):
    records = [sft("x", TEXTS["en"].upper()), sft("x", TEXTS["en"].replace(" ", "\n"))]
    assert reasons(records, expected=("en",)) == []


def test_the_figures_are_the_share_of_each_language(sft):
    records = [sft("x", TEXTS["en"]), sft("y", TEXTS["en"]), sft("x", TEXTS["de"]), sft("x", "ok")]
    figures = conclude_check(Language(), list(iter_batches(records)), CheckContext()).figures
    assert figures["num_not_judged"] == 1
    assert (figures["languages"]["en"]["count"], figures["languages"]["en"]["n"]) == (2, 3)


def test_the_tag_is_written_down_where_it_is_missing(sft):
    records = [sft("x", TEXTS["de"]), sft("x", TEXTS["es"], language="en"), sft("x", "ok")]
    (finding,) = find_in(LanguageTag(), records, CheckContext())
    assert finding.reason == "does not say its language; it reads as de"
    mended = LanguageTag().mend(records[0], finding)
    assert (mended.language, mended.id) == ("de", records[0].id)


@pytest.mark.parametrize("settings", [{"expected": ("English",)}, {"min_letters": 0}, {"min_confidence": 2}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError):
        Language(**settings)
