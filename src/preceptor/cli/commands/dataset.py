"""Build, compare and export dataset versions."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table
from preceptor.datasets.types import Refused
from preceptor.workspace import Workspace


@click.group()
def command() -> None:
    """Build, compare and export dataset versions."""


@command.command("build")
@click.argument("recipe")
@json_option
@click.pass_obj
def build_command(folder: Path, recipe: str, as_json: bool) -> int:
    """Commit an immutable version by RECIPE. Exit code 1 when a check blocks it."""
    with Workspace.open(folder) as workspace:
        built = workspace.datasets.build(recipe)
    if as_json:
        print_json(built)
    else:
        for item, reason in built.left_out:
            note(f"left out {item}: {reason}")
        if isinstance(built.outcome, Refused):
            note(built.outcome.reason)
        else:
            manifest = built.outcome.manifest
            note(f"{built.outcome.id}: {manifest.num_records} records {manifest.kinds} {manifest.splits}")
            note(f"in {built.outcome.folder}")
    return int(isinstance(built.outcome, Refused))


@command.command("list")
@json_option
@click.pass_obj
def list_command(folder: Path, as_json: bool) -> None:
    """List every version."""
    with Workspace.open(folder) as workspace:
        versions = workspace.datasets.list_all()
    if as_json:
        print_json(versions)
        return
    print_table(
        ["id", "name", "records", "made"],
        [(one.id, one.name, one.manifest.num_records, one.created_at) for one in versions],
    )


@command.command("diff")
@click.argument("before")
@click.argument("after")
@json_option
@click.pass_obj
def diff_command(folder: Path, before: str, after: str, as_json: bool) -> None:
    """Show what changed from one version to another (by id)."""
    with Workspace.open(folder) as workspace:
        found = workspace.datasets.diff(before, after)
    if as_json:
        print_json(found)
        return
    note(
        f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed, "
        f"{len(found.moved)} moved between splits, {found.num_unchanged} unchanged"
    )


@command.command("export")
@click.argument("name_or_id")
@click.option("--format", "exporter", required=True, help="The exporter: trl-sft, trl-preference, openai-ft.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The JSONL file to write.")
@click.option("--split", help="Only this split.")
@json_option
@click.pass_obj
def export_command(folder: Path, name_or_id: str, exporter: str, out: Path, split: str | None, as_json: bool) -> None:
    """Write a version (by id, or the newest of a name) in a trainer's format."""
    with Workspace.open(folder) as workspace:
        exported = workspace.datasets.export(name_or_id, exporter, out, split)
    if as_json:
        print_json({"path": str(out), "num_written": exported.num_written, "num_left_out": exported.num_left_out})
    else:
        note(f"{exported.num_written} rows in {out}; {exported.num_left_out} records are of another kind")
