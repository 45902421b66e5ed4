"""Find eval cases in training data, copied or in other words; write the data without them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, printable
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.copy_rows import copy_rows
from preceptor.datasets.eval_texts import read_eval_sets
from preceptor.datasets.find_contamination import ContaminationReport, Search, find_contamination
from preceptor.datasets.ngram_index import build_index
from preceptor.datasets.rephrased import case_vectors

BOILERPLATE_SHARE = 0.1
SHOWN_TO_PEOPLE = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--against",
    "evals",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="Eval cases (JSONL, JSON, CSV or Parquet); may be given several times.",
)
@click.option("--ngram", type=click.IntRange(min=1), default=8, show_default=True, help="Words in a run.")
@click.option(
    "--containment",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.2,
    show_default=True,
    help="The share of a case's runs in a record from which it is flagged.",
)
@click.option("--rephrased", is_flag=True, help="Also point to texts that may say a case in other words.")
@click.option(
    "--similarity",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.5,
    show_default=True,
    help="The cosine from which --rephrased points to a text.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the rows that are clean, as they stood.")
@json_option
def command(
    *,
    file: Path,
    evals: tuple[Path, ...],
    ngram: int,
    containment: float,
    rephrased: bool,
    similarity: float,
    out: Path | None,
    as_json: bool,
) -> int:
    """Find the records of FILE (JSONL, JSON, CSV or Parquet) in which eval cases stand.

    A row is {"messages"}, {"prompt", "completion"}, {"prompt", "chosen", "rejected"} or {"text"}, with an "id" if it
    has one. What --rephrased points to is for a person to read: it changes neither --out nor the exit code. Exit
    codes: 0 clean, 1 a record is flagged, 2 rows (or the whole file) could not be read.
    """
    cases = read_eval_sets(evals)
    search = Search(
        index=build_index(cases, ngram, BOILERPLATE_SHARE),
        min_containment=containment,
        vectors=case_vectors(cases) if rephrased else None,
        min_similarity=similarity,
    )
    report = find_contamination(file, search)
    if out is not None:
        copy_rows(file, out, {row.line for row in report.flagged} | {row.number for row in report.bad_rows})
        note(f"wrote {out}")
    if as_json:
        print_json(_summary(report, is_rephrased_asked=rephrased))
    else:
        _show(report)
    if report.flagged:
        return 1
    return InputError.exit_code if report.bad_rows else 0


def _summary(report: ContaminationReport, *, is_rephrased_asked: bool) -> JsonObject:
    """The promised keys, one entry a record and case; then what helps to find the row."""
    summary: JsonObject = {
        "num_records": report.num_records,
        "flagged": [
            {
                "id": row.id,
                "against": overlap.case_id,
                "containment": round(overlap.containment, 4),
                "quote": overlap.quote,
                "line": row.line,
            }
            for row in report.flagged
            for overlap in row.overlaps
        ],
        "num_bad_rows": len(report.bad_rows),
        "bad_rows": [{"line": row.number, "reason": row.reason} for row in report.bad_rows],
    }
    if is_rephrased_asked:
        summary["rephrased"] = [
            {"id": row.id, "against": case.case_id, "similarity": round(case.similarity, 4), "line": row.line}
            for row in report.alike
            for case in row.likenesses
        ]
    return summary


def _show(report: ContaminationReport) -> None:
    """The first of each sort, and how many there are."""
    for row in islice(report.flagged, SHOWN_TO_PEOPLE):
        most = row.overlaps[0]
        more = f" (and {len(row.overlaps) - 1} more cases)" if len(row.overlaps) > 1 else ""
        text = f"holds {most.containment:.0%} of {most.case_id}{more}: “{most.quote}”"
        click.echo(printable(f"line {row.line} ({row.id}): {text}"))
    for row in islice(report.alike, SHOWN_TO_PEOPLE):
        near = row.likenesses[0]
        click.echo(
            printable(f"line {row.line} ({row.id}): may be {near.case_id} in other words ({near.similarity:.2f})")
        )
    for bad in islice(report.bad_rows, SHOWN_TO_PEOPLE):
        note(f"line {bad.number} could not be read: {bad.reason}")
    counts = [
        ("records", report.num_records),
        ("flagged", len(report.flagged)),
        ("may be rephrased", len(report.alike)),
        ("could not be read", len(report.bad_rows)),
    ]
    print_table(["", "rows"], [(name, f"{count:,}") for name, count in counts])
