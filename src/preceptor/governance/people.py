"""Which names of a text mean the same person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "dra", "prof", "sir", "sr", "sra", "srta", "don", "doña", "d", "dª"}
)
PARTICLES = frozenset(
    {"de", "la", "del", "los", "las", "y", "van", "von", "der", "den", "da", "di", "dos", "el", "al", "bin"}
)
LEAST_PART = 3
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


class Mention(NamedTuple):
    """A name as it stands: its words that tell people apart, in their plain form."""

    words: tuple[str, ...]


def mention_of(name: str) -> Mention:
    """The words of a name, without titles, particles, accents and capitals.

    >>> mention_of("Dra. María de la O López's").words
    ('maria', 'o', 'lopez')
    """
    words = (match.group().removesuffix("'s").removesuffix("’s") for match in WORD.finditer(name))
    plain = (_plain(word) for word in words)
    return Mention(tuple(word for word in plain if word not in TITLES and word not in PARTICLES))


def parts_of(name: str) -> list[str]:
    """The single words by which a person of a longer name may be called, as they stand.

    >>> parts_of("Dr. Maria de Lopez"), parts_of("Maria")
    (['Maria', 'Lopez'], [])
    """
    words = [match.group() for match in WORD.finditer(name)]
    own = [
        word
        for word in words
        if _plain(word) not in TITLES | PARTICLES and word[0].isupper() and len(word) >= LEAST_PART
    ]
    return own if len(own) > 1 else []


def people_in(names: Iterable[str]) -> dict[str, Mention]:
    """By name, the longest name of the same person.

    A name means the person of a longer one when each of its words stands in it, and in no other
    longest name: with two people called Maria, "Maria" alone is a third.

    >>> found = people_in(["Maria", "Maria Lopez", "Lopez", "Juan Perez"])
    >>> found["Maria"] == found["Lopez"] == found["Maria Lopez"], found["Juan Perez"] == found["Maria"]
    (True, False)
    """
    mentions = {name: mention_of(name) for name in names}
    longest: list[Mention] = []
    for mention in sorted(set(mentions.values()), key=lambda mention: (-len(mention.words), mention.words)):
        if sum(_is_part(mention, other) for other in longest) != 1:
            longest.append(mention)
    found: dict[str, Mention] = {}
    for name, mention in mentions.items():
        wholes = [other for other in longest if _is_part(mention, other)]
        found[name] = wholes[0] if len(wholes) == 1 and mention not in longest else mention
    return found


def _is_part(mention: Mention, other: Mention) -> bool:
    return bool(mention.words) and all(word in other.words for word in mention.words)


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
