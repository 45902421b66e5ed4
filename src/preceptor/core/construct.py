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
    fields = _fields(cls)  # type: ignore[arg-type]  # a class is hashable
    if not fields.keys() >= value.keys():
        report_unknown(value, fields, problems, at)
    arguments = {
        name: _field_value(field, value[name], problems, (*at, name)) for name, field in fields.items() if name in value
    }
    for name, field in fields.items():
        if field.is_required and name not in value:
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Field:
    """A field of a class, as far as its type says: worked out once, for a file may hold a million rows.

    `inner` is the type without None. `made_from` is the dataclass that the value, or with
    `is_sequence` each of its elements, is made as; None for plain values. `choices` are the only
    values that there are, where the type lists them.
    """

    inner: object
    may_be_none: bool
    is_required: bool
    is_tuple: bool
    is_sequence: bool
    made_from: type[object] | None
    choices: tuple[object, ...] = ()


@functools.cache
def _fields(cls: type[object]) -> dict[str, _Field]:
    hints = typing.get_type_hints(cls)
    return {f.name: _field(f, hints[f.name]) for f in dataclasses.fields(cls) if f.init}  # type: ignore[arg-type]  # cls is a dataclass by contract


def _field(field: dataclasses.Field[object], hint: object) -> _Field:
    inner = _without_none(hint)
    origin, arguments = typing.get_origin(inner), typing.get_args(inner)
    is_sequence = origin in (tuple, list, Sequence)
    element = arguments[0] if is_sequence and arguments else inner
    is_made = isinstance(element, type) and dataclasses.is_dataclass(element)
    return _Field(
        inner=inner,
        may_be_none=inner is not hint,
        is_required=field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        is_tuple=origin is tuple,
        is_sequence=is_sequence,
        made_from=typing.cast("type[object]", element) if is_made else None,
        choices=typing.get_args(element) if typing.get_origin(element) is typing.Literal else (),
    )


def _field_value(field: _Field, value: object, problems: Problems, at: Path) -> object:
    if value is None and field.may_be_none:
        return None
    if field.made_from is not None and not field.is_sequence:
        return construct(field.made_from, value, problems, at)
    if field.made_from is not None and isinstance(value, list):
        return tuple(construct(field.made_from, item, problems, (*at, index)) for index, item in enumerate(value))
    try:
        made: object = msgspec.convert(value, field.inner, strict=True)
    except (msgspec.ValidationError, TypeError) as error:
        hint = f"; write one of {', '.join(map(str, field.choices))}" if field.choices else ""
        problems.add(at, f"{error}, got {value!r}{hint}")
        return None
    return tuple(made) if field.is_tuple and isinstance(made, list) else made


def _without_none(hint: object) -> object:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(rest) == 1:
            return rest[0]
    return hint
