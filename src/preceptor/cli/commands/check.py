"""Check training data: schema, duplicates, leaks between splits, eval contamination, personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import click

from preceptor.cli.output import json_option, note, print_json, print_table, printable
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import BadRow
from preceptor.datasets.check import CheckContext
from preceptor.datasets.eval_texts import read_eval_texts
from preceptor.datasets.read_records import ReadRecord, iter_read_records
from preceptor.datasets.run_checks import DEFAULT_ENTRIES, run_checks
from preceptor.datasets.types import CheckFinding, CheckResult

SHOWN_TO_PEOPLE = 10


class _File(NamedTuple):
    records: list[ReadRecord]
    bad_rows: list[BadRow]


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), help="Eval cases that must not stand in the data (JSONL).")
@click.option(
    "--limit", type=click.IntRange(min=0), help="Findings shown a check: 10, and all with --json, by default."
)
@json_option
def command(data: Path, against: Path | None, limit: int | None, as_json: bool) -> int:
    """Check the training records in DATA (JSONL, JSON or CSV), before anything learns from them.

    A row is {"messages"}, {"prompt", "completion"}, {"prompt", "chosen", "rejected"} or {"text"}; "group" and
    "split" are used when present. Exit codes: 0 nothing was found, 1 a check found something, 2 rows (or the whole
    file) could not be read.
    """
    file = _read(data)
    # Findings shall name a record as the user knows it.
    records = [replace(read.record, id=read.own_id or f"line {read.line}") for read in file.records]
    context = CheckContext(eval_texts=read_eval_texts(against) if against else {})
    results = run_checks(records, DEFAULT_ENTRIES, context)
    if as_json:
        print_json(_summary(results, file, limit))
    else:
        _show(results, file, SHOWN_TO_PEOPLE if limit is None else limit)
    if any(result.blocks and result.findings for result in results):
        return 1
    return InputError.exit_code if file.bad_rows else 0


def _read(path: Path) -> _File:
    file = _File([], [])
    for found in iter_read_records(path):
        if isinstance(found, BadRow):
            file.bad_rows.append(found)
        else:
            file.records.append(found)
    if not file.records:
        bad = file.bad_rows[0] if file.bad_rows else None
        why = f"no row could be read; {path}:{bad.number}: {bad.reason}" if bad else "the file is empty"
        raise InputError(f"{str(path)!r} holds no records: {why}")
    return file


def _summary(results: Sequence[CheckResult], file: _File, limit: int | None) -> JsonObject:
    checks: list[JsonValue] = [
        {
            "check": result.check,
            "version": result.version,
            "blocks": result.blocks,
            "num_checked": result.num_checked,
            "num_findings": len(result.findings),
            "reason": result.reason or None,
            "findings": [_finding(found, file) for found in islice(result.findings, limit)],
        }
        for result in results
    ]
    return {
        "num_records": len(file.records),
        "num_bad_rows": len(file.bad_rows),
        "checks": checks,
        "bad_rows": [{"line": row.number, "reason": row.reason} for row in islice(file.bad_rows, limit)],
    }


def _finding(found: CheckFinding, file: _File) -> JsonObject:
    return {
        "record_id": found.record_id,
        "line": _line(found, file),
        "reason": found.reason,
        "evidence": found.evidence,
    }


def _line(found: CheckFinding, file: _File) -> int | None:
    return None if found.index is None else file.records[found.index].line


def _show(results: Sequence[CheckResult], file: _File, limit: int) -> None:
    rows = [
        (result.check, result.num_checked, len(result.findings), result.reason or "")
        if result.num_checked
        else (result.check, None, None, result.reason)
        for result in results
    ]
    print_table(["check", "records checked", "findings", ""], rows)
    for result in results:
        for found in islice(result.findings, limit):
            click.echo(printable(f"line {_line(found, file)} ({found.record_id}): {result.check}: {found.reason}"))
        if len(result.findings) > limit:
            note(f"{result.check}: {len(result.findings) - limit:,} more; --limit shows more, --json shows all")
    for row in islice(file.bad_rows, limit):
        note(printable(f"line {row.number} could not be read: {row.reason}"))
    if len(file.bad_rows) > limit:
        note(f"{len(file.bad_rows) - limit:,} more rows could not be read")
