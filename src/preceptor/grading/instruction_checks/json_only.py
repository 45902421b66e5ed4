"""The text is JSON and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import parse_json


@dataclass(frozen=True, kw_only=True)
class JsonOnly:
    r"""The whole text is one JSON value, bare or in one code fence.

    >>> JsonOnly().problem('```json\n{"a": 1}\n```')
    ''
    """

    version: ClassVar[int] = 1

    def problem(self, text: str) -> str:
        """What is wrong with the JSON."""
        bare = text.strip()
        for opening in ("```json", "```Json", "```JSON", "```"):
            bare = bare.removeprefix(opening)
        try:
            parse_json(bare.removesuffix("```").strip())
        except InputError as error:
            return f"it is {error}"
        return ""
