"""Keys, tokens and passwords."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Span

# Each starts where a run of its characters starts and gives none back: read once, never twice.
KNOWN = re.compile(
    r"(?<![\w-])(?:"
    r"sk-[\w-]{20,}+"  # OpenAI, Anthropic and others
    r"|[spr]k_(?:live|test)_\w{16,}+"  # Stripe
    r"|gh[pousr]_\w{30,}+|github_pat_\w{40,}+|glpat-[\w-]{20,}+"  # GitHub, GitLab
    r"|xox[abposr]-[\w-]{10,}+"  # Slack
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)"  # AWS
    r"|AIza[\w-]{35}(?![\w-])"  # Google
    r"|hf_\w{30,}+|npm_\w{36}(?!\w)|pypi-[\w-]{50,}+"  # Hugging Face, npm, PyPI
    r"|SG\.[\w-]{20,}+\.[\w-]{20,}+"  # SendGrid
    r"|eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]{8,}+"  # JSON Web Token
    r")"
)
NAMED = re.compile(
    r"(?P<word>api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|client[_-]?secret|secret|auth[_-]?token|"
    r"access[_-]?token|token|bearer|password|passwd|pwd)"
    r"\\?[\"']?[ \t]{0,3}(?:[:=]|is\b|(?<=bearer) )[ \t]{0,3}\\?[\"']?"
    r"(?:bearer )?(?P<value>[^\s\"'\\,;<>(){}\[\]&]{6,512}+)",
    re.IGNORECASE,
)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----")
PRIVATE_KEY_END = "-----END"
LEAST_TOKEN_CHARACTERS = 12
LEAST_BITS_A_CHARACTER = 3.0  # English words lie below 3, random letters and digits of this length above


@dataclass(frozen=True, kw_only=True)
class Secret:
    """Keys with a well-known beginning, private keys, and what stands after `password:`, `api_key=` and the like.

    After such a word a value counts when it is no plain word: letters with digits or signs for a
    password, and enough surprise in its characters for a key.

    >>> list(Secret().find("token=8fK2mQ9xZ4wL7vB1 please"))
    [Span(start=6, end=22)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "SECRET"
    precedence: ClassVar[int] = 20

    def find(self, text: str) -> Iterator[Span]:
        """Each secret, in order."""
        found = [Span(*match.span()) for match in KNOWN.finditer(text)]
        found += [Span(*match.span("value")) for match in NAMED.finditer(text) if _is_secret(match)]
        found += _private_keys(text)
        after = 0
        for span in sorted(found, key=lambda span: (span.start, -span.end)):
            if span.start >= after:
                after = span.end
                yield span


def _is_secret(match: re.Match[str]) -> bool:
    value = match.group("value").rstrip(".!?")
    has_letter = any(character.isalpha() for character in value)
    is_mixed = has_letter and any(not character.isalpha() for character in value)
    if match.group("word").lower() in {"password", "passwd", "pwd"}:
        return is_mixed
    return is_mixed and len(value) >= LEAST_TOKEN_CHARACTERS and _bits(value) >= LEAST_BITS_A_CHARACTER


def _bits(value: str) -> float:
    """Shannon's entropy of the characters, in bits for each."""
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares)


def _private_keys(text: str) -> list[Span]:
    found: list[Span] = []
    start = PRIVATE_KEY.search(text)
    while start:
        ending = text.find(PRIVATE_KEY_END, start.end())
        line_end = text.find("\n", ending) if ending >= 0 else -1
        end = line_end if line_end >= 0 else len(text)
        found.append(Span(start.start(), end))
        start = PRIVATE_KEY.search(text, end)
    return found
