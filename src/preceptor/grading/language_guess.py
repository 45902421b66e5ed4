"""The language of a text, told from its script and its commonest words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping

from preceptor.grading.language_words import ARABIC, CYRILLIC, DEVANAGARI, LATIN

LOOKED_AT_CHARACTERS = 20_000

_LATIN, _CYRILLIC, _ARABIC, _DEVANAGARI, _HAN, _KANA = "Latin", "Cyrillic", "Arabic", "Devanagari", "Han", "Kana"
# First and last code point of each script, sorted; a script of one language carries its code.
_RANGES = (
    (0x0041, 0x024F, _LATIN),
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, _CYRILLIC),
    (0x0530, 0x058F, "hy"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x077F, _ARABIC),
    (0x0900, 0x097F, _DEVANAGARI),
    (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"),
    (0x0A80, 0x0AFF, "gu"),
    (0x0B00, 0x0B7F, "or"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"),
    (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"),
    (0x0D80, 0x0DFF, "si"),
    (0x0E00, 0x0E7F, "th"),
    (0x0E80, 0x0EFF, "lo"),
    (0x1000, 0x109F, "my"),
    (0x10A0, 0x10FF, "ka"),
    (0x1100, 0x11FF, "ko"),
    (0x1200, 0x139F, "am"),
    (0x1780, 0x17FF, "km"),
    (0x1E00, 0x1EFF, _LATIN),
    (0x3040, 0x30FF, _KANA),
    (0x4E00, 0x9FFF, _HAN),
    (0xAC00, 0xD7AF, "ko"),
)
_STARTS = [start for start, _, _ in _RANGES]
_WORDS_OF: dict[str, Mapping[str, frozenset[str]]] = {
    _LATIN: LATIN,
    _CYRILLIC: CYRILLIC,
    _ARABIC: ARABIC,
    _DEVANAGARI: DEVANAGARI,
}
# The listed words make up a tenth (Finnish) to a half (English) of running text.
_LEAST_SHARE = 0.04
# Indian vowel signs are marks, not letters: a run without space and punctuation is the word.
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}\"“”«»*_#।،؟]+")

KNOWN_LANGUAGES = frozenset(
    {script for _, _, script in _RANGES if script not in {*_WORDS_OF, _HAN, _KANA}}
    | {"zh", "ja"}
    | {code for words in _WORDS_OF.values() for code in words}
)


def possible_languages(text: str) -> frozenset[str]:
    """The ISO 639-1 codes that the text may be in: one where it can be told, every known one where it has no letters.

    The script with most letters in the first 20,000 characters decides; where languages share it, the one
    whose common words make up most of the text (the first in the list for a tie). With hardly any such
    word, as in a name or a list, every language of the script is possible.

    >>> possible_languages("Wo ist der Bahnhof?"), possible_languages("どこですか")
    (frozenset({'de'}), frozenset({'ja'}))
    >>> "en" in possible_languages("Acme Analytics"), "ru" in possible_languages("Acme Analytics")
    (True, False)
    """
    looked_at = text[:LOOKED_AT_CHARACTERS]
    scripts: Counter[str] = Counter()
    for character, count in Counter(looked_at).items():
        script = _script(character) if character.isalpha() else ""
        if script:
            scripts[script] += count
    if not scripts:
        return KNOWN_LANGUAGES
    script = scripts.most_common(1)[0][0]
    if script in {_HAN, _KANA}:
        return frozenset({"ja" if scripts[_KANA] else "zh"})
    return _by_words(looked_at, _WORDS_OF[script]) if script in _WORDS_OF else frozenset({script})


def _script(character: str) -> str:
    point = ord(character)
    place = bisect_right(_STARTS, point) - 1
    return _RANGES[place][2] if place >= 0 and point <= _RANGES[place][1] else ""


def _by_words(text: str, languages: Mapping[str, frozenset[str]]) -> frozenset[str]:
    words = Counter(_WORD.findall(text.replace("’", "'").lower()))
    hits = {code: sum(words[word] for word in common) for code, common in languages.items()}
    best = max(hits, key=lambda code: hits[code])
    is_told = hits[best] > 0 and hits[best] >= _LEAST_SHARE * words.total()
    return frozenset({best}) if is_told else frozenset(languages)
