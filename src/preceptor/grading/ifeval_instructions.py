"""The 25 instructions of IFEval (Zhou et al. 2023, arXiv 2311.07911) as checks with settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue

Entries = list[JsonObject]

_CONSTRAINED = ["My answer is yes.", "My answer is no.", "My answer is maybe."]


def ifeval_checks(instruction: str, settings: JsonObject) -> Entries:
    """The checks, each with its settings, that must all hold for one instruction of IFEval.

    The id may carry a language before it (`en:punctuation:no_comma`). Settings that are null
    count as not given. Raises InputError for an unknown id or a missing setting.

    >>> ifeval_checks("length_constraints:number_words", {"relation": "at least", "num_words": 300})
    [{'check': 'words', 'at_least': 300}]
    """
    known = ":".join(instruction.split(":")[-2:])
    if known not in _MAKERS:
        raise InputError(f"no IFEval instruction {instruction!r}; there are: {', '.join(sorted(_MAKERS))}")
    given: JsonObject = {key: value for key, value in settings.items() if value is not None}
    try:
        return _MAKERS[known](given)
    except KeyError as error:
        raise InputError(f"{instruction}: {error.args[0]!r} is missing") from error


def _bounds(relation: JsonValue, number: JsonValue) -> JsonObject:
    if not isinstance(number, int) or relation not in {"at least", "less than"}:
        raise InputError(f"{relation!r} {number!r} is no bound; write at least or less than, and a whole number")
    return {"at_least": number} if relation == "at least" else {"at_most": number - 1}


def _exactly(number: JsonValue) -> JsonObject:
    return {"at_least": number, "at_most": number}


def _in_english_case(case: Literal["upper", "lower"]) -> Entries:
    return [{"check": "letter_case", "case": case}, {"check": "language", "code": "en"}]


_MAKERS: dict[str, Callable[[JsonObject], Entries]] = {
    "keywords:existence": lambda s: [{"check": "keywords", "values": s["keywords"]}],
    "keywords:frequency": lambda s: [
        {"check": "keyword_count", "keyword": s["keyword"], **_bounds(s["relation"], s["frequency"])}
    ],
    "keywords:forbidden_words": lambda s: [{"check": "forbidden_words", "values": s["forbidden_words"]}],
    "keywords:letter_frequency": lambda s: [
        {"check": "letter_count", "letter": s["letter"], **_bounds(s["let_relation"], s["let_frequency"])}
    ],
    "language:response_language": lambda s: [{"check": "language", "code": s["language"]}],
    "length_constraints:number_sentences": lambda s: [
        {"check": "sentences", **_bounds(s["relation"], s["num_sentences"])}
    ],
    "length_constraints:number_paragraphs": lambda s: [
        {"check": "paragraphs", "divider": "***", **_exactly(s["num_paragraphs"])}
    ],
    "length_constraints:number_words": lambda s: [{"check": "words", **_bounds(s["relation"], s["num_words"])}],
    "length_constraints:nth_paragraph_first_word": lambda s: [
        {
            "check": "paragraph_start",
            "number": s["nth_paragraph"],
            "word": s["first_word"],
            "paragraphs": s["num_paragraphs"],
        }
    ],
    "detectable_content:number_placeholders": lambda s: [{"check": "placeholders", "at_least": s["num_placeholders"]}],
    "detectable_content:postscript": lambda s: [{"check": "postscript", "marker": s["postscript_marker"]}],
    "detectable_format:number_bullet_lists": lambda s: [{"check": "bullets", **_exactly(s["num_bullets"])}],
    "detectable_format:constrained_response": lambda _: [{"check": "one_of", "options": list(_CONSTRAINED)}],
    "detectable_format:number_highlighted_sections": lambda s: [
        {"check": "highlights", "at_least": s["num_highlights"]}
    ],
    "detectable_format:multiple_sections": lambda s: [
        {"check": "sections", "marker": s["section_spliter"], "at_least": s["num_sections"]}
    ],
    "detectable_format:json_format": lambda _: [{"check": "json_only"}],
    "detectable_format:title": lambda _: [{"check": "title"}],
    "combination:two_responses": lambda _: [{"check": "responses", "count": 2, "divider": "******"}],
    "combination:repeat_prompt": lambda s: [{"check": "starts_with", "text": s["prompt_to_repeat"]}],
    "startend:end_checker": lambda s: [{"check": "ends_with", "text": s["end_phrase"]}],
    "startend:quotation": lambda _: [{"check": "quoted"}],
    "change_case:capital_word_frequency": lambda s: [
        {"check": "capital_words", **_bounds(s["capital_relation"], s["capital_frequency"])}
    ],
    "change_case:english_capital": lambda _: _in_english_case("upper"),
    "change_case:english_lowercase": lambda _: _in_english_case("lower"),
    "punctuation:no_comma": lambda _: [{"check": "forbidden_characters", "characters": ","}],
}

IFEVAL_INSTRUCTIONS = frozenset(_MAKERS)
"""The ids, without a language before them."""
