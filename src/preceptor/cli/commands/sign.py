"""Approve or reject a verdict in a role."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json
from preceptor.workspace import Workspace


@click.command()
@click.argument("verdict_id")
@click.option("--role", required=True, help="The role that you speak for, such as engineering.")
@click.option("--reject", is_flag=True, help="Hold the release back instead of approving it.")
@click.option("--remark", default="", help="What you have to say; needed to reject.")
@json_option
@click.pass_obj
def command(folder: Path, verdict_id: str, role: str, reject: bool, remark: str, as_json: bool) -> None:
    """Approve a verdict in a role that its policy asks for. You are PRECEPTOR_ACTOR, or the system's user."""
    with Workspace.open(folder) as workspace:
        # What a reader of the verdict must know, whoever signs must know.
        for said in workspace.gates.get(verdict_id).notes:
            note(f"note: {said}")
        word = workspace.gates.sign(verdict_id, role, "reject" if reject else "approve", remark)
    if as_json:
        print_json(word)
    else:
        note(f"{word.by} ({word.role}) {'rejects' if reject else 'approves'} {verdict_id}")
