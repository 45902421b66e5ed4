"""Make label tasks, take in answers, measure agreement, resolve."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, show_interval
from preceptor.qc.types import Label
from preceptor.workspace import Workspace

rubric_option = click.option("--rubric", required=True, help="The rubric's name.")


@click.group()
def command() -> None:
    """Make label tasks, take in answers, measure agreement, resolve."""


@command.command("create-tasks")
@rubric_option
@click.option("--category", help="Only traces with this failure; all traces when left out.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@json_option
@click.pass_obj
def create_tasks_command(folder: Path, rubric: str, category: str | None, limit: int | None, as_json: bool) -> None:
    """Make a label task of each trace with a failure."""
    with Workspace.open(folder) as workspace:
        tasks = workspace.labels.create_tasks(rubric, category, limit)
    if as_json:
        print_json(tasks)
    else:
        note(f"{len(tasks)} tasks under the rubric {rubric!r}")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@rubric_option
@json_option
@click.pass_obj
def import_command(folder: Path, file: Path, rubric: str, as_json: bool) -> None:
    """Keep the annotators' answers of FILE (columns item, annotator, value, comment)."""
    with Workspace.open(folder) as workspace:
        report = workspace.labels.import_answers(file, rubric)
    if as_json:
        print_json(report)
        return
    note(f"{report.num_added} added, {report.num_already_there} already there, {len(report.rejected)} rejected")
    for bad in report.rejected:
        note(f"{file}:{bad.number}: {bad.reason}")


@command.command("agreement")
@rubric_option
@json_option
@click.pass_obj
def agreement_command(folder: Path, rubric: str, as_json: bool) -> None:
    """Show how far the annotators agree beyond chance."""
    with Workspace.open(folder) as workspace:
        found = workspace.labels.agreement(rubric)
    if as_json:
        print_json(found)
        return
    value = "undefined" if found.value is None else f"{found.value:.3f} {show_interval(found.interval)}"
    note(
        f"Krippendorff's alpha {value}; {found.num_items} items, {found.num_annotators} annotators, "
        f"{found.num_answers} answers"
    )
    if found.reason:
        note(found.reason)


@command.command("resolve")
@rubric_option
@click.option("--aggregator", default="majority_vote", show_default=True, help="How answers become a label.")
@json_option
@click.pass_obj
def resolve_command(folder: Path, rubric: str, aggregator: str, as_json: bool) -> None:
    """Make one label an item; list the items that stay unresolved."""
    with Workspace.open(folder) as workspace:
        resolutions = workspace.labels.resolve(rubric, aggregator)
    if as_json:
        print_json(resolutions)
        return
    unresolved = [one.result for one in resolutions if not isinstance(one.result, Label)]
    note(f"{len(resolutions) - len(unresolved)} labels, {len(unresolved)} unresolved")
    if unresolved:
        print_table(
            ["unresolved item", "answers", "why"], [(one.item, one.num_answers, one.reason) for one in unresolved]
        )
