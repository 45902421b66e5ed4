"""Mark a verdict's candidate as released, once every role has approved."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json
from preceptor.workspace import Workspace


@click.command()
@click.argument("verdict_id")
@json_option
@click.pass_obj
def command(folder: Path, verdict_id: str, as_json: bool) -> None:
    """Mark a GO as released; what is still missing is named, and the exit code is 4."""
    with Workspace.open(folder) as workspace:
        # What a reader of the verdict must know, whoever signs must know.
        for said in workspace.gates.get(verdict_id).notes:
            note(f"note: {said}")
        release = workspace.gates.release(verdict_id)
    if as_json:
        print_json(release)
    else:
        note(f"{release.verdict_id} is released, by {release.by} at {release.at:%Y-%m-%d %H:%M} UTC")
