"""The part of an output that a grader reads: all of it as text, or one value inside its JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue, at_path, parse_json

_FENCE = re.compile(r"^```[ \t]*(?:json|JSON)?[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """The output has no such part: the model's own failure, and the reason that its score of 0 carries."""

    reason: str


def read_part(output: str, path: str) -> JsonValue | Unreadable:
    """The whole output as text for the empty path; otherwise what stands at the dotted path of its JSON.

    A null counts as nothing there.

    >>> read_part('{"category": "billing"}', "category")
    'billing'
    >>> read_part("Sure! Billing.", "category")
    Unreadable(reason='the output is not JSON: Expecting value at line 1 column 1')
    >>> read_part('{"kind": "billing"}', "category")
    Unreadable(reason="the output's JSON has nothing at 'category'")
    """
    if not path:
        return output
    try:
        value = at_path(parse_json(output.strip()), path)
    except InputError as error:
        return Unreadable(reason=f"the output is {error}")
    return Unreadable(reason=f"the output's JSON has nothing at {path!r}") if value is None else value


def only_fenced_block(text: str) -> str | None:
    r"""What stands between the fences of the one code block in a text; None for no block, or several.

    >>> only_fenced_block('Here it is:\n```json\n{"a": 1}\n```\n')
    '{"a": 1}\n'
    """
    blocks = _FENCE.findall(text)
    return str(blocks[0]) if len(blocks) == 1 else None


def shown(value: JsonValue, limit: int = 80) -> str:
    """A value as a reason quotes it, cut where it would fill the page.

    >>> shown("billing"), shown("x" * 200, limit=5)
    ("'billing'", "'xxxx…")
    """
    text = repr(value)
    return text if len(text) <= limit else text[:limit] + "…"
