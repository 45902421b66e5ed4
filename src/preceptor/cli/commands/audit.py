"""Verify the audit log."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json
from preceptor.workspace import Workspace


@click.group()
def command() -> None:
    """Verify the audit log."""


@command.command("verify")
@click.option("--root", help="A Merkle root that you kept elsewhere: finds entries that were cut off or rewritten.")
@json_option
@click.pass_obj
def verify_command(folder: Path, root: str | None, as_json: bool) -> int:
    """Find every entry that was changed, removed, reordered or inserted. Exit code 1 when there is one."""
    with Workspace.open(folder) as workspace:
        report = workspace.verify_audit(root)
    if as_json:
        print_json(report)
    else:
        note(f"{report.num_entries} entries, {len(report.problems)} problems")
        for problem in report.problems:
            note(f"entry {problem.sequence}: {problem.problem}")
        if report.root_matches_at is not None:
            note(f"the log had the given root at {report.root_matches_at} entries")
        click.echo(report.root)
    return int(bool(report.problems))
