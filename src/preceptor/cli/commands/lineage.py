"""Show what a record came from, or what came of it."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table
from preceptor.workspace import Workspace

LINKS_SHOWN = 50


@click.command()
@click.argument("record")
@click.option("--forward", is_flag=True, help="What came of the record, instead of what it came from.")
@json_option
@click.pass_obj
def command(folder: Path, record: str, forward: bool, as_json: bool) -> None:
    """Walk from RECORD (a verdict, run, dataset, label, task or trace by id) back to its traces, or forward."""
    with Workspace.open(folder) as workspace:
        found = workspace.lineage(record, forward=forward)
    if as_json:
        print_json(found)
        return
    print_table(
        ["record", "relation", "from"],
        [(link.made, link.relation, link.source) for link in found.links[:LINKS_SHOWN]],
    )
    if len(found.links) > LINKS_SHOWN:
        note(f"and {len(found.links) - LINKS_SHOWN} more links; --json has all")
    note(", ".join(f"{count} {kind}" for kind, count in found.counts.items()) or "nothing is linked to this record")
