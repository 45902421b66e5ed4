"""Make a new workspace from a template."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json
from preceptor.workspace import Workspace
from preceptor.workspace_folder import DEFAULT_TEMPLATE, template_names


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--template", default=DEFAULT_TEMPLATE, show_default=True, help=f"One of: {', '.join(template_names())}.")
@json_option
def command(folder: Path, template: str, as_json: bool) -> None:
    """Make a new workspace in FOLDER: definition files to edit, and an empty database."""
    with Workspace.init(folder, template) as workspace:
        if as_json:
            print_json({"folder": str(workspace.folder), "name": workspace.settings.name, "template": template})
        else:
            note(f"made the workspace {workspace.settings.name!r} in {folder}; its README.md says what each file is")
