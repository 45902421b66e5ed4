"""Bring an older workspace's tables to this program's."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json
from preceptor.workspace import Workspace


@click.command()
@json_option
@click.pass_obj
def command(folder: Path, as_json: bool) -> None:
    """Bring the workspace's tables to this program's, in one transaction. Make a copy first."""
    before, after = Workspace.upgrade(folder)
    if as_json:
        print_json({"before": before, "after": after})
    else:
        note(f"the database was at revision {before or 'none'} and is now at {after}")
