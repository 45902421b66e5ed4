"""Which regular expressions can take time that doubles with every character."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

# Python's own parser: what it says is what the matcher will run.
_parser = importlib.import_module("re._parser")
_constants = importlib.import_module("re._constants")

MANY = 64
"""A repeat bounded below this inside another is slow at worst, not endless."""


def nested_repeat(pattern: re.Pattern[str]) -> bool:
    r"""True when a repeat without (or with a high) bound stands inside another such repeat.

    Possessive repeats and atomic groups never try again: what they hold is looked at by itself.

    >>> nested_repeat(re.compile(r"(\w+,?)+"))
    True
    >>> nested_repeat(re.compile(r"(?:\w++,?)+"))
    False
    """
    return _has_nested(_parser.parse(pattern.pattern, pattern.flags), inside=False)


def _has_nested(node: object, *, inside: bool) -> bool:
    for operation, argument in _operations(node):
        is_repeat = operation in {_constants.MAX_REPEAT, _constants.MIN_REPEAT} and argument[1] > MANY
        if is_repeat and inside:
            return True
        is_final = operation in {_constants.POSSESSIVE_REPEAT, _constants.ATOMIC_GROUP}
        is_inside = (inside or is_repeat) and not is_final
        if any(_has_nested(part, inside=is_inside) for part in _parts(argument)):
            return True
    return False


def _operations(node: object) -> Iterator[tuple[object, tuple[int, ...]]]:
    yield from getattr(node, "data", ())


def _parts(argument: object) -> Iterator[object]:
    """The patterns inside an operation: parts of a group, a repeat, an alternative, a look-around."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (list, tuple)):
        for part in argument:
            yield from _parts(part)
