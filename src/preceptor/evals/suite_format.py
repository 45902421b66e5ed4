"""What a suite format is: it reads the test cases that another tool was given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from preceptor.core.errors import InputError
from preceptor.core.registry import Registry
from preceptor.evals.types import Suite


@dataclass(frozen=True, kw_only=True)
class ForeignSuite:
    """Another tool's cases as a suite; `notes` say what could not be taken over, and why."""

    suite: Suite
    notes: tuple[str, ...] = ()


class SuiteFormat(Protocol):
    """A plugin that reads one format; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def recognises(self, path: Path) -> bool:
        """True when the file is plainly of this format."""
        ...

    def read(self, path: Path) -> tuple[ForeignSuite, ...]:
        """The suites in the file, at least one; InputError names what is wrong and where."""
        ...


suite_formats: Registry[SuiteFormat] = Registry(kind="suite_format", folder="preceptor.evals.suite_formats")


def read_suites(path: Path, format_name: str | None = None) -> tuple[ForeignSuite, ...]:
    """The suites in a file, in the format named or the one that knows the file.

    Raises InputError for a file that no format, or more than one, knows.
    """
    if format_name:
        return suite_formats.create(format_name).read(path)
    formats = {name: suite_formats.create(name) for name in suite_formats.names()}
    claims = [name for name, candidate in formats.items() if candidate.recognises(path)]
    if len(claims) != 1:
        found = f"could be {' or '.join(claims)}" if claims else "is of no known format"
        raise InputError(f"{str(path)!r} {found}; name one with --format ({', '.join(formats)})")
    return formats[claims[0]].read(path)
