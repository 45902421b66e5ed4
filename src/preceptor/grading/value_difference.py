"""Where a value first differs from what it may be: types count, 5 is 5.0, True is not 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from preceptor.core.construct import Path, path_text
from preceptor.core.json_values import JsonValue
from preceptor.grading.output_part import shown
from preceptor.grading.value_pattern import Choice, Fields, Pattern

Strings = Literal["exact", "folded", "bfcl"]

_BFCL_IGNORES = re.compile(r"[ ,./\-_*^]")
_NUMBER = re.compile(r"\s*[-+]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][-+]?[0-9]{1,3})?\s*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """When two plain values are the same.

    `strings`: to the letter; `folded` ignores case and runs of white space; `bfcl` also ignores
    the characters `,./-_*^` and spaces, and takes ' for " (as the Berkeley leaderboard does).
    `lenient_numbers`: a number and a text that holds it are the same; two texts compare as texts.
    """

    strings: Strings = "exact"
    lenient_numbers: bool = False

    def same(self, got: JsonValue, wanted: Pattern) -> bool:
        """True for two plain values that count as one.

        >>> Comparison().same(5, 5.0), Comparison().same(True, 1), Comparison().same("5", 5)
        (True, False, False)
        """
        if isinstance(got, bool) or isinstance(wanted, bool):
            return got is wanted
        if isinstance(got, str) and isinstance(wanted, str):
            return got == wanted or self._softened(got) == self._softened(wanted)
        first, second = (_as_number(got), _as_number(wanted)) if self.lenient_numbers else (got, wanted)
        return not isinstance(first, str) and not isinstance(second, str) and first == second

    def _softened(self, text: str) -> str:
        if self.strings == "exact":
            return text
        if self.strings == "folded":
            return " ".join(text.split()).casefold()
        return _BFCL_IGNORES.sub("", text).lower().replace("'", '"')


class Difference(NamedTuple):
    """The first place where a value is not what it may be."""

    at: Path
    got: str
    wanted: str

    @property
    def text(self) -> str:
        """One line for a reason."""
        return f"{path_text(self.at)}: got {self.got}, wanted {self.wanted}"


def difference(got: JsonValue, wanted: Pattern, how: Comparison, at: Path = ()) -> Difference | None:
    """The first place where the value differs from the pattern; None where it fits.

    A list fits in its order; a tuple counts as a list. An object fits when it has every key
    that is not optional and no other. The work grows with the pattern's size, not with the
    number of combinations in it.

    >>> difference([1, [2, 2]], (1, (2, 3)), Comparison()).text
    '[1][1]: got 2, wanted 3'
    """
    if isinstance(wanted, Fields):
        return fields_difference(got, wanted, how, at)
    if isinstance(wanted, tuple):
        return _list_difference(got, wanted, how, at)
    return None if how.same(got, wanted) else Difference(at, shown(got), shown(wanted))


def fields_difference(got: JsonValue, wanted: Fields, how: Comparison, at: Path = ()) -> Difference | None:
    """As `difference`, of an object: a missing key comes first, then a wrong value, then an unknown key."""
    if not isinstance(got, dict):
        return Difference(at, shown(got), f"an object with {_names(wanted)}")
    for key, choice in wanted.choices.items():
        if key not in got and not choice.is_optional:
            return Difference((*at, key), "nothing", one_of(choice.values))
    for key, choice in wanted.choices.items():
        found = choice_difference(got[key], choice, how, (*at, key)) if key in got else None
        if found:
            return found
    unknown = next((key for key in got if key not in wanted.choices), None)
    return None if unknown is None else Difference((*at, unknown), shown(got[unknown]), "no such argument")


def choice_difference(got: JsonValue, choice: Choice, how: Comparison, at: Path) -> Difference | None:
    """The difference from the only value; with several, that the value is none of them."""
    found = None
    for value in choice.values:
        found = difference(got, value, how, at)
        if found is None:
            return None
    return found if len(choice.values) == 1 else Difference(at, shown(got), one_of(choice.values))


def one_of(values: Sequence[Pattern]) -> str:
    """The allowed values as a reason names them; the empty text for "may be left out" is not said.

    >>> one_of(["m", "metre", ""])
    "'m' or 'metre'"
    """
    texts = [shown(_plain(value)) for value in values if value != ""]
    return " or ".join(texts[:5]) + (f" or {len(texts) - 5} others" if len(texts) > 5 else "") or "''"  # noqa: PLR2004 - as many as a line holds


def _list_difference(got: JsonValue, wanted: tuple[Pattern, ...], how: Comparison, at: Path) -> Difference | None:
    if not isinstance(got, (list, tuple)):
        return Difference(at, shown(got), shown(_plain(wanted)))
    if len(got) != len(wanted):
        return Difference(at, f"{len(got)} elements: {shown(got)}", f"{len(wanted)}: {shown(_plain(wanted))}")
    found = (difference(got[i], wanted[i], how, (*at, i)) for i in range(len(wanted)))
    return next((one for one in found if one), None)


def _plain(value: Pattern) -> JsonValue:
    if isinstance(value, Fields):
        return {
            key: _plain(choice.values[0] if len(choice.values) == 1 else choice.values)
            for key, choice in value.choices.items()
        }
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _names(wanted: Fields) -> str:
    return ", ".join(wanted.choices) or "no keys"


def _as_number(value: JsonValue | Pattern) -> object:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value) if value.strip().lstrip("+-").isdigit() else float(value)
    return value
