"""`preceptor eval import` and `export`: runs and cases of other tools."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, say_written
from preceptor.workspace import Workspace

PLACE = click.Path(path_type=Path)


@click.command("import")
@click.argument("path", type=PLACE)
@click.option("--format", "format_name", help="The format's name, where it is not found by itself.")
@click.option("--suite", help="Call the suite so.")
@click.option("--target", help="Call the target so.")
@click.option("--cases", "is_cases", is_flag=True, help="The file holds test cases: write a suite, keep no run.")
@json_option
@click.pass_obj
def import_command(
    folder: Path,
    path: Path,
    format_name: str | None,
    suite: str | None,
    target: str | None,
    is_cases: bool,
    as_json: bool,
) -> None:
    """Take over what another tool wrote: the runs in PATH, or with --cases its test cases.

    Runs: Inspect (.eval, .json), lm-eval (samples_*.jsonl), promptfoo (output JSON), OpenAI's evals
    (records), rows of id and score (JSONL, CSV). Cases: promptfoo (YAML), OpenAI's evals (samples).
    """
    with Workspace.open(folder) as workspace:
        if is_cases:
            suites = workspace.exchange.import_suites(path, format_name, suite)
            if as_json:
                print_json([{"path": str(one.path), "num_cases": one.num_cases, "notes": one.notes} for one in suites])
                return
            for one in suites:
                note(f"wrote {one.path}: {one.num_cases} cases")
                for remark in one.notes:
                    note(f"  not taken over: {remark}")
            return
        runs = workspace.exchange.import_runs(path, format_name, suite, target)
    if as_json:
        print_json([{"run": one.run, "was_there": one.was_there} for one in runs])
        return
    for imported in runs:
        run = imported.run
        was_there = " (was there)" if imported.was_there else ""
        click.echo(f"{run.id}: {run.suite} on {run.target}, {run.num_cases} cases{was_there}")


@click.command("export")
@click.argument("run_id")
@click.option("--format", "format_name", default="inspect", show_default=True, help="inspect or rows.")
@click.option("--out", type=PLACE, required=True, help="The file to write.")
@json_option
@click.pass_obj
def export_command(folder: Path, run_id: str, format_name: str, out: Path, as_json: bool) -> None:
    """Write a run as another tool reads it: a log for `inspect view`, or plain rows."""
    with Workspace.open(folder) as workspace:
        workspace.exchange.export_run(run_id, format_name, out)
    say_written(out, as_json=as_json)
