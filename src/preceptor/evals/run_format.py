"""What a run format is: it reads the eval runs that another tool wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Protocol

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.evals.types import AttemptStatus, EvalCase
from preceptor.models.types import Message, Usage


@dataclass(frozen=True, kw_only=True)
class ForeignScore:
    """A score as the other tool gave it, in its own units; None with the reason where it is no number."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignSample:
    """One case in one epoch (from 1): what was asked, what came back, and every score that it got."""

    case: EvalCase
    epoch: int = 1
    status: AttemptStatus = "ok"
    output: str | None = None
    error: str = ""
    scores: dict[str, ForeignScore] = field(default_factory=dict)
    usage: Usage = Usage()
    latency_seconds: float | None = None
    transcript: tuple[Message, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ForeignRun:
    """A run of another tool. `samples` reads them anew each time it is called, one at a time, in the file's order.

    `settings` are what the tool says of the run (its version, sampling, the dataset), as far as
    two runs can be told apart by them. `primary` is the metric that its reader looks at first;
    empty for the first that there is.
    """

    suite: str
    target: str
    samples: Callable[[], Iterator[ForeignSample]]
    model: str = ""
    primary: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    settings: JsonObject = field(default_factory=dict)


class RunFormat(Protocol):
    """A plugin that reads one format; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def recognises(self, path: Path) -> bool:
        """True when the file is plainly of this format and of no other."""
        ...

    def read(self, path: Path) -> tuple[ForeignRun, ...]:
        """The runs in the file, at least one.

        Raises InputError, naming the file, what is wrong and the place, when it cannot be read.
        """
        ...


run_formats: Registry[RunFormat] = Registry(kind="run_format", folder="preceptor.evals.run_formats")


def read_runs(path: Path, format_name: str | None = None) -> tuple[ForeignRun, ...]:
    """The runs in a file, in the format named or the one that knows the file.

    Raises NotFoundError for no file or an unknown format, InputError for a file that no format,
    or more than one, knows.
    """
    return (run_formats.create(format_name) if format_name else detect_run_format(path)).read(path)


def detect_run_format(path: Path) -> RunFormat:
    """The one format that knows the file; InputError says how to name one where none or several do."""
    if not path.exists():
        raise NotFoundError(f"no file {str(path)!r}; check the path")
    formats = {name: run_formats.create(name) for name in run_formats.names()}
    claims = [name for name, candidate in formats.items() if candidate.recognises(path)]
    if len(claims) == 1:
        return formats[claims[0]]
    found = f"could be {' or '.join(claims)}" if claims else "is of no known format"
    raise InputError(f"{str(path)!r} {found}; name one with --format ({', '.join(formats)})")


def is_run_file(path: Path) -> bool:
    """True when one format knows the file."""
    return sum(run_formats.create(name).recognises(path) for name in run_formats.names()) == 1
