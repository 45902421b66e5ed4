"""How results are shown: JSON for scripts, tables for people, progress for long work."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from preceptor.core.ids import plain

Command = TypeVar("Command", bound=Callable[..., object])

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value for scripts.")


def print_json(value: object) -> None:
    """One JSON value on standard output; dataclasses are written as objects."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, allow_nan=False))


def print_json_lines(values: Iterable[object]) -> None:
    """One JSON value a line on standard output."""
    for value in values:
        print_json(value)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """A table on standard output; cells are text, never markup."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(printable(cell)) for cell in row))
    Console().print(table)


def printable(cell: object) -> str:
    r"""A value as a table cell: None is a dash, control characters are made visible.

    >>> printable(None), printable(0.12345), printable("a\x1b[31m")
    ('–', '0.1235', 'a\\x1b[31m')
    """
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 1000 else f"{cell:,.0f}"  # noqa: PLR2004 - where digits after the point stop to matter
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in str(cell))


def show_interval(interval: tuple[float, float] | None, digits: int = 3) -> str:
    """An interval as people write it; a dash where there is none.

    >>> show_interval((0.1, 0.25))
    '[0.100, 0.250]'
    """
    return f"[{interval[0]:.{digits}f}, {interval[1]:.{digits}f}]" if interval else "–"


def note(text: str) -> None:
    """A remark for people, on standard error, so that standard output stays for results; never control characters."""
    click.echo(printable(text), err=True)


def say_written(path: Path, *, as_json: bool) -> None:
    """Where something was written."""
    if as_json:
        print_json({"path": str(path)})
    else:
        note(f"wrote {path}")


Advance = Callable[[int], None]


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Advance]:
    """A bar with rate and time left on standard error; calling what it gives moves it on."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)


class RateColumn(ProgressColumn):
    """How many are done each second."""

    def render(self, task: Task) -> Text:
        """The rate, or a dash before there is one."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "–/s")
