"""The second layer: names and places, found by Presidio with a model that reads; an extra."""

from __future__ import annotations

import importlib
import importlib.util
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from preceptor.core.errors import InputError
from preceptor.governance.personal_data import PersonalDataFinding, free_of
from preceptor.governance.personal_data_locale import Locale, locales, personal_data_locales
from preceptor.governance.word_expression import words_in_text

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

NerUse = Literal["off", "needed", "all"]
NER_TYPES = ("PERSON", "LOCATION", "NRP", "ORGANIZATION")
DEFAULT_NER_TYPES = ("PERSON", "LOCATION", "NRP")
CHARACTERS_AT_ONCE = 100_000
LONGEST_WORD = 1_000
EXTRA = "run `pip install 'preceptor[privacy]'`"


@dataclass(frozen=True, kw_only=True)
class NerLayer:
    """Finds people (PERSON), places (LOCATION), groups by nation, faith or party (NRP); ORGANIZATION where asked for.

    A model guesses: it misses names and takes other words for some. It reads some 20 records of 1 KB a CPU-second,
    so by policy (`needs`) it reads the texts that call for it. `language` is that of a locale; the first
    installed model of the locale reads. Nothing is downloaded, and nothing leaves the machine.
    """

    language: str = "en"
    types: tuple[str, ...] = DEFAULT_NER_TYPES

    def find(self, text: str) -> list[PersonalDataFinding]:
        """What the model takes for personal data, in order, not overlapping."""
        analyzer = _analyzer(self.language)
        kept: list[PersonalDataFinding] = []
        for start, part in _parts(text):
            results = analyzer.analyze(part, language=self.language, entities=list(self.types))
            new = [
                PersonalDataFinding(type=one.entity_type, start=start + one.start, end=start + one.end, layer="ner")
                for one in sorted(results, key=lambda one: (one.start, -one.end))
            ]
            for finding in new:
                kept += free_of(kept[-1:], [finding])
        return kept

    def needs(self, texts: Sequence[str], *, has_findings: bool) -> bool:
        """True for a record that calls for a reader: the first layer found something in it, or a name is announced.

        A name is announced where a capital letter follows a title, a greeting, "my name is" and the like.

        >>> layer = NerLayer()
        >>> layer.needs(["My name is Ada."], has_findings=False), layer.needs(["2 + 2 = 4"], has_findings=False)
        (True, False)
        """
        return has_findings or any(_cue(self.language).search(text) for text in texts)

    def add(self, text: str, first: Sequence[PersonalDataFinding]) -> list[PersonalDataFinding]:
        """The findings of both layers, in order; where they overlap, the first layer's stand."""
        return sorted([*first, *free_of(first, self.find(text))], key=lambda finding: finding.start)


def ner_layer(locale_names: Sequence[str] = (), types: Sequence[str] = DEFAULT_NER_TYPES) -> NerLayer:
    """The layer for the first of the locales that has a model here.

    Raises InputError where none has, saying what to install.
    """
    if missing := missing_ner(locale_names):
        raise InputError(missing)
    names = locale_names or ("en", *personal_data_locales.names())
    language = next(locale.language for locale in locales(tuple(names)) if _model_of(locale))
    return NerLayer(language=language, types=tuple(types))


def missing_ner(locale_names: Sequence[str] = ()) -> str | None:
    """What to install before the second layer can read these locales, or None."""
    if importlib.util.find_spec("presidio_analyzer") is None or importlib.util.find_spec("spacy") is None:
        return f"the second layer needs presidio-analyzer and a spaCy model; {EXTRA}"
    named = locales(tuple(locale_names))
    if any(_model_of(locale) for locale in named):
        return None
    models = ", ".join(model for locale in named for model in locale.ner_models)
    languages = ", ".join(locale.language for locale in named)
    return f"the second layer needs a spaCy model for {languages}: one of {models}; for English {EXTRA}"


def _model_of(locale: Locale) -> str | None:
    return next((name for name in locale.ner_models if importlib.util.find_spec(name) is not None), None)


@cache
def _cue(language: str) -> re.Pattern[str]:
    words = words_in_text(word for locale in locales((language,)) for word in locale.name_cues)
    return re.compile(rf"(?i:{words})[.,:]?\s{{1,3}}[^\W\d_a-zà-ÿ]")


@cache
def _analyzer(language: str) -> AnalyzerEngine:
    presidio = importlib.import_module("presidio_analyzer")
    engines = importlib.import_module("presidio_analyzer.nlp_engine")
    recognizers = importlib.import_module("presidio_analyzer.predefined_recognizers")
    model = next(name for locale in locales((language,)) for name in [_model_of(locale)] if name)
    # Given a loaded model, the engine has nothing to download; given this recognizer alone, Presidio
    # loads none of those that fetch a list of domains.
    engine = engines.SpacyNlpEngine(models=[{"lang_code": language, "model_name": model}])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # spaCy's note that a model is of an earlier minor version
        engine.nlp = {
            language: importlib.import_module(model).load(
                disable=["parser", "lemmatizer", "attribute_ruler", "tagger", "morphologizer"]
            )
        }
    registry = presidio.RecognizerRegistry(supported_languages=[language])
    registry.add_recognizer(
        recognizers.SpacyRecognizer(supported_language=language, supported_entities=list(NER_TYPES))
    )
    analyzer: AnalyzerEngine = presidio.AnalyzerEngine(
        registry=registry, nlp_engine=engine, supported_languages=[language]
    )
    return analyzer


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts that the model's memory holds, cut at white space where there is some."""
    start = 0
    while len(text) - start > CHARACTERS_AT_ONCE:
        latest = start + CHARACTERS_AT_ONCE
        blank = max(text.rfind(sign, latest - LONGEST_WORD, latest) for sign in " \n")
        end = blank + 1 if blank >= 0 else latest
        yield start, text[start:end]
        start = end
    yield start, text[start:]
