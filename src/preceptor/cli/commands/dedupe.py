"""Find near duplicates in training data; write the data without them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, printable, progress
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.copy_rows import copy_rows
from preceptor.datasets.deduplicate_file import DedupeReport, deduplicate_file
from preceptor.datasets.near_keys import MAX_SHINGLE_WORDS, MIN_THRESHOLD, Keep, NearSettings

SHOWN_TO_PEOPLE = 20
DEFAULTS = NearSettings()


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--threshold",
    type=click.FloatRange(MIN_THRESHOLD, 1),
    default=DEFAULTS.threshold,
    show_default=True,
    help="The Jaccard similarity from which two records are near duplicates.",
)
@click.option(
    "--shingle",
    type=click.IntRange(1, MAX_SHINGLE_WORDS),
    default=DEFAULTS.shingle_words,
    show_default=True,
    help="Words in a row that are compared as one.",
)
@click.option(
    "--keep",
    type=click.Choice(["best", "first", "longest"]),
    default=DEFAULTS.keep,
    show_default=True,
    help="Which of several is kept; the best states most of its provenance, then is the longest.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the rows that are kept, as they stood.")
@click.option(
    "--index", type=click.Path(path_type=Path), help="A folder of earlier records to compare with; new ones join it."
)
@json_option
def command(
    *, file: Path, threshold: float, shingle: int, keep: Keep, out: Path | None, index: Path | None, as_json: bool
) -> int:
    """Find the records of FILE (JSONL, JSON, CSV or Parquet) that say nearly the same as one that is kept.

    A row is {"messages"}, {"prompt", "completion"}, {"prompt", "chosen", "rejected"} or {"text"}, with an "id" if
    it has one. Every removed record was compared exactly with the kept one. Exit codes: 0 done, 2 rows (or the
    whole file) could not be read.
    """
    settings = NearSettings(threshold=threshold, shingle_words=shingle, keep=keep)
    with progress("reading records", None) as advance:
        report = deduplicate_file(file, settings, index, advance)
    if out is not None:
        copy_rows(file, out, {row.line for row in report.removed} | {row.number for row in report.bad_rows})
        note(f"wrote {out}")
    if as_json:
        print_json(_summary(report))
    else:
        _show(report)
    return InputError.exit_code if report.bad_rows else 0


def _summary(report: DedupeReport) -> JsonObject:
    """The promised keys; then what helps to find the row."""
    return {
        "num_records": report.num_records,
        "removed": [{"id": row.id, "kept": row.kept, "score": row.score, "line": row.line} for row in report.removed],
        "num_bad_rows": len(report.bad_rows),
        "bad_rows": [{"line": row.number, "reason": row.reason} for row in report.bad_rows],
    }


def _show(report: DedupeReport) -> None:
    """The first of each sort, and how many there are."""
    for row in islice(report.removed, SHOWN_TO_PEOPLE):
        click.echo(printable(f"line {row.line} ({row.id}): {row.score:.3f} like {row.kept}, which is kept"))
    for bad in islice(report.bad_rows, SHOWN_TO_PEOPLE):
        note(f"line {bad.number} could not be read: {bad.reason}")
    counts = [
        ("records", report.num_records),
        ("removed", len(report.removed)),
        ("kept", report.num_records - len(report.removed)),
        ("could not be read", len(report.bad_rows)),
    ]
    print_table(["", "rows"], [(name, f"{count:,}") for name, count in counts])
