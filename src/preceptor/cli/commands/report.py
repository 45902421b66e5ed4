"""Write the release-readiness report of a verdict."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json
from preceptor.workspace import Workspace


@click.command()
@click.argument("verdict_id")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="The folder; in the workspace by default."
)
@json_option
@click.pass_obj
def command(folder: Path, verdict_id: str, out: Path | None, as_json: bool) -> None:
    """Write the report of VERDICT_ID as one HTML file that needs nothing else, and as Markdown."""
    with Workspace.open(folder) as workspace:
        html, markdown = workspace.gates.write_report(verdict_id, out)
    if as_json:
        print_json({"html": str(html), "markdown": str(markdown)})
    else:
        note(f"{html}\n{markdown}")
