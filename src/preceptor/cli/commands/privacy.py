"""Find personal data and secrets in a file, or write the file without them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, printable
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import BadRow
from preceptor.datasets.redact_rows import RowRedactor, redact_rows
from preceptor.datasets.row_texts import unread_fields
from preceptor.datasets.scan_rows import ScannedRow, scan_rows
from preceptor.governance.layers import make_layers
from preceptor.governance.ner_layer import NerUse
from preceptor.governance.redaction import Style

SHOWN_TO_PEOPLE = 20
BAD_ROWS_SHOWN = 50
UNREAD_SHOWN = 10


@click.group()
def command() -> None:
    """Personal data and secrets in training data: find them, or replace them."""


def search_options(function: click.decorators.FC) -> click.decorators.FC:
    """The options of both commands: what to look for, and where."""
    options: list[Callable[[click.decorators.FC], click.decorators.FC]] = [
        click.option("--types", multiple=True, help="Look for these types only, such as EMAIL; may be repeated."),
        click.option(
            "--locale", "locale_names", multiple=True, help="Numbers and words of this locale; all by default."
        ),
        click.option(
            "--ner",
            type=click.Choice(["off", "needed", "all"]),
            default="off",
            show_default=True,
            help="Which records a model reads for names and places (extra: privacy): none, all, or those in which "
            "something else was found or a name is announced.",
        ),
        click.option("--field", "fields", multiple=True, help="Another field that holds texts; may be repeated."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@search_options
@json_option
def scan(
    file: Path,
    types: tuple[str, ...],
    locale_names: tuple[str, ...],
    ner: NerUse,
    fields: tuple[str, ...],
    as_json: bool,
) -> int:
    """Find personal data and secrets in FILE (JSONL, JSON, CSV or Parquet).

    A row has "text", "messages", "prompt" and the like, and an "id" if it has one. Values are never shown. Offsets
    count characters, the end does not belong to it. Exit codes: 0 nothing was found, 1 something was, 2 rows (or the
    whole file) could not be read.
    """
    tally = _Tally(fields)
    rows = scan_rows(file, make_layers(_capitals(types), locale_names, ner), fields)
    if as_json:
        _print_as_they_come(tally.findings(rows), tally)
    else:
        for finding in tally.findings(rows):
            if tally.types.total() <= SHOWN_TO_PEOPLE:
                click.echo(printable("{id}: {field}[{start}:{end}] {type} ({layer})".format_map(finding)))
        tally.show()
    if tally.types:
        return 1
    return InputError.exit_code if tally.num_bad else 0


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write the rows.")
@click.option(
    "--style",
    type=click.Choice(["natural", "placeholder"]),
    default="natural",
    show_default=True,
    help="Values of the same form that are nobody's, or [EMAIL_1] and the like. Secrets always get placeholders.",
)
@search_options
@json_option
def redact(
    file: Path,
    out: Path,
    style: Style,
    types: tuple[str, ...],
    locale_names: tuple[str, ...],
    ner: NerUse,
    fields: tuple[str, ...],
    as_json: bool,
) -> int:
    """Write FILE to --out with the personal data in its texts replaced, the same value of a record by the same.

    All else stays as it stood. A row that cannot be read stops it, and nothing is written: exit code 2.
    """
    layers = make_layers(_capitals(types), locale_names, ner)
    redactor = RowRedactor(layers=layers, style=style, locale_names=locale_names, fields=fields)
    redact_rows(file, out, redactor)
    replaced = dict(sorted(redactor.counts.items()))
    if as_json:
        print_json(
            {
                "num_records": redactor.num_records,
                "num_changed": redactor.num_changed,
                "replaced": replaced,
                "path": str(out),
            }
        )
    else:
        print_table(["type", "replaced"], replaced.items())
        note(f"wrote {out}: {redactor.num_changed:,} of {redactor.num_records:,} records changed")
    return 0


@dataclass
class _Tally:
    """Counts what goes by."""

    fields: tuple[str, ...]
    num_records: int = 0
    num_bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    types: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: set[str] = field(default_factory=set)

    def findings(self, rows: Iterator[ScannedRow | BadRow]) -> Iterator[JsonObject]:
        """Each finding as JSON."""
        for row in rows:
            if isinstance(row, BadRow):
                self.num_bad += 1
                self.bad_rows += [row] if len(self.bad_rows) < BAD_ROWS_SHOWN else []
                continue
            self.num_records += 1
            if len(self.unread) < UNREAD_SHOWN:
                self.unread |= unread_fields(row.row, self.fields)
            for text, found in zip(row.texts, row.found, strict=True):
                for one in found:
                    self.types[one.type, one.layer] += 1
                    yield {
                        "id": row.id,
                        "field": text.field,
                        "start": one.start,
                        "end": one.end,
                        "type": one.type,
                        "layer": one.layer,
                    }

    def show(self) -> None:
        """How many there are of each type, and what could not be read."""
        print_table(["type", "layer", "found"], [(*key, f"{count:,}") for key, count in sorted(self.types.items())])
        note(f"{self.num_records:,} records, {self.types.total():,} findings")
        if self.unread:
            note(f"not read were the fields {', '.join(sorted(self.unread)[:UNREAD_SHOWN])}; --field NAME reads one")
        for bad in self.bad_rows:
            note(f"line {bad.number} could not be read: {bad.reason}")
        if self.num_bad > len(self.bad_rows):
            note(f"{self.num_bad - len(self.bad_rows):,} more rows could not be read")


def _print_as_they_come(findings: Iterator[JsonObject], tally: _Tally) -> None:
    """One JSON object whose findings are written while the file is read, so that a large file needs no memory."""
    click.echo('{"findings": [', nl=False)
    between = ""
    for finding in findings:
        click.echo(between + json.dumps(finding, ensure_ascii=False), nl=False)
        between = ", "
    rest = {
        "num_records": tally.num_records,
        "num_bad_rows": tally.num_bad,
        "bad_rows": [{"line": bad.number, "reason": bad.reason} for bad in tally.bad_rows],
    }
    click.echo("], " + json.dumps(rest, ensure_ascii=False)[1:])


def _capitals(types: tuple[str, ...]) -> tuple[str, ...]:
    """The types as they are called, also where several stand in one option, parted by commas."""
    return tuple(name.strip().upper() for one in types for name in one.split(",") if name.strip())
