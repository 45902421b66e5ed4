"""Make a dataclass from a plain mapping, naming every mistake at once."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import types
import typing
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from preceptor.core.errors import InputError

Made = TypeVar("Made")
Path = tuple[str | int, ...]

MAX_PROBLEMS_SHOWN = 50


@dataclasses.dataclass
class Problems:
    """Mistakes found in one document, each with the path to where it stands."""

    source: str
    lines: Mapping[Path, int] = dataclasses.field(default_factory=dict)
    found: list[tuple[Path, str]] = dataclasses.field(default_factory=list)

    def add(self, at: Path, message: str) -> None:
        """Note one mistake; later ones are still looked for."""
        self.found.append((at, message))

    def line(self, at: Path) -> int | None:
        """The line of the value at this path, or of the nearest thing around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at)

    def texts(self) -> list[str]:
        """One line for each mistake, in the order of the document; the 51st says how many more there are."""
        rows = sorted((self.line(at) or 0, path_text(at), message) for at, message in self.found)
        text = [
            f"{self.source}{f':{line}' if line else ''}: {f'{at}: ' if at else ''}{message}"
            for line, at, message in rows[:MAX_PROBLEMS_SHOWN]
        ]
        if len(rows) > MAX_PROBLEMS_SHOWN:
            text.append(f"{self.source}: and {len(rows) - MAX_PROBLEMS_SHOWN} more mistakes")
        return text

    def raise_if_any(self) -> None:
        """InputError with one line for each mistake, in the order of the document."""
        if self.found:
            raise InputError("\n".join(self.texts()))


def construct(cls: type[Made], value: object, problems: Problems, at: Path = ()) -> Made | None:
    """An instance of the dataclass, or None after noting every mistake in `problems`.

    Unknown keys, missing keys and wrong types are all reported; fields that are dataclasses,
    or sequences of them, are made the same way. A ValueError or InputError raised by the
    class itself (`__post_init__`) is reported at `at`.

    >>> @dataclasses.dataclass(frozen=True, kw_only=True)
    ... class Margin:
    ...     margin: float
    ...     confidence: float = 0.95
    >>> construct(Margin, {"margin": 0.02}, Problems("gate.yaml"))
    Margin(margin=0.02, confidence=0.95)
    """
    if not isinstance(value, Mapping):
        problems.add(at, f"must be a mapping of settings, not {kind_of(value)}")
        return None
    before = len(problems.found)
    fields = {f.name: f for f in dataclasses.fields(cls) if f.init}  # type: ignore[arg-type]  # cls is a dataclass by contract
    report_unknown(value, fields, problems, at)
    hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable
    arguments = {
        name: _field_value(hints[name], value[name], problems, (*at, name)) for name in fields if name in value
    }
    for name, field in fields.items():
        if name not in value and _is_required(field):
            problems.add(at, f"{name!r} is missing")
    if len(problems.found) > before:
        return None
    try:
        return cls(**arguments)
    except (ValueError, InputError) as error:
        problems.add(at, str(error))
        return None


def report_unknown(value: Mapping[str, object], allowed: typing.Iterable[str], problems: Problems, at: Path) -> None:
    """Note each key that is not allowed, with the nearest one that is."""
    names = list(allowed)
    for key in value:
        if key not in names:
            near = difflib.get_close_matches(str(key), names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(names)) or 'none'}"
            problems.add((*at, key), f"unknown key {key!r}{hint}")


def path_text(at: Path) -> str:
    """The path as people write it.

    >>> path_text(("criteria", 0, "margin"))
    'criteria[0].margin'
    """
    text = ""
    for part in at:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def kind_of(value: object) -> str:
    """The JSON word for a value's type.

    >>> kind_of([1]), kind_of(None)
    ('a list', 'null')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a mapping" if isinstance(value, Mapping) else "a list"


@functools.cache
def _hints(cls: type[object]) -> dict[str, object]:
    """The types of a class's fields; working them out takes a millisecond, and a file may hold a million rows."""
    return typing.get_type_hints(cls)


def _is_required(field: dataclasses.Field[object]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _field_value(hint: object, value: object, problems: Problems, at: Path) -> object:
    inner = _without_none(hint)
    if value is None and inner is not hint:
        return None
    if isinstance(inner, type) and dataclasses.is_dataclass(inner):
        return construct(inner, value, problems, at)
    origin, arguments = typing.get_origin(inner), typing.get_args(inner)
    is_sequence = origin in (tuple, list, Sequence)
    if is_sequence and isinstance(value, list) and dataclasses.is_dataclass(arguments[0]):
        element = typing.cast("type[object]", arguments[0])
        return tuple(construct(element, item, problems, (*at, index)) for index, item in enumerate(value))
    try:
        made: object = msgspec.convert(value, inner, strict=True)
    except (msgspec.ValidationError, TypeError) as error:
        problems.add(at, f"{error}, got {value!r}")
        return None
    return tuple(made) if origin is tuple and isinstance(made, list) else made


def _without_none(hint: object) -> object:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(rest) == 1:
            return rest[0]
    return hint
