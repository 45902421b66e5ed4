"""Import and read production traces."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table
from preceptor.workspace import Workspace

REJECTED_SHOWN = 20


@click.group()
def command() -> None:
    """Import and read production traces."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", help="The payload format; found from the records when left out.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A YAML file: field of a trace: path in the record.")
@click.option("--strict", is_flag=True, help="Keep nothing when a record cannot be read.")
@json_option
@click.pass_obj
def import_command(
    folder: Path, file: Path, format_name: str | None, mapping: Path | None, strict: bool, as_json: bool
) -> None:
    """Keep the traces of FILE, with personal data replaced before anything is written."""
    with Workspace.open(folder) as workspace:
        report = workspace.traces.import_file(file, format_name, mapping, strict=strict)
    if as_json:
        print_json(report)
        return
    note(
        f"{report.format}: {report.num_read} read, {report.num_added} added, {report.num_already_there} already there, "
        f"{len(report.rejected)} rejected; personal data replaced in {report.num_redacted}"
    )
    for bad in report.rejected[:REJECTED_SHOWN]:
        note(f"{file}:{bad.number}: {bad.reason}")
    if len(report.rejected) > REJECTED_SHOWN:
        note(f"{file}: and {len(report.rejected) - REJECTED_SHOWN} more")


@command.command("list")
@click.option("--cursor", help="Where the page before ended.")
@json_option
@click.pass_obj
def list_command(folder: Path, cursor: str | None, as_json: bool) -> None:
    """List the traces, a hundred at a time."""
    with Workspace.open(folder) as workspace:
        page = workspace.traces.list_page(cursor)
    if as_json:
        print_json(page)
        return
    print_table(
        ["id", "model", "request", "output"], [(t.id, t.model, t.request[:60], t.output[:60]) for t in page.items]
    )
    if page.next_cursor:
        note(f"more: --cursor {page.next_cursor}")


@command.command("show")
@click.argument("trace_id")
@json_option
@click.pass_obj
def show_command(folder: Path, trace_id: str, as_json: bool) -> None:
    """Show one trace with its scores and findings."""
    with Workspace.open(folder) as workspace:
        trace, scores, findings = workspace.traces.get(trace_id)
    if as_json:
        print_json({"trace": trace, "scores": scores, "findings": findings})
        return
    print_table(["role", "content"], [(turn.role, turn.content) for turn in trace.turns])
    print_table(["metric", "value", "reason"], [(s.metric, s.value, s.reason) for s in scores], title="Scores")
    print_table(
        ["category", "severity", "root cause"],
        [(f.category, f.severity, f.root_cause) for f in findings],
        title="Findings",
    )
