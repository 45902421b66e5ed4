"""Review, approve and withdraw dataset versions and records."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, say_written
from preceptor.datasets.changelog import changelog_markdown
from preceptor.datasets.registry_types import STAGES, Stage
from preceptor.datasets.withdraw import Holders
from preceptor.workspace import Workspace


@click.group()
def command() -> None:
    """Review, approve and withdraw dataset versions and records."""


@command.command("show")
@click.argument("name_or_id")
@json_option
@click.pass_obj
def show_command(folder: Path, name_or_id: str, as_json: bool) -> None:
    """Show where a version stands, who said so, and its changelog."""
    with Workspace.open(folder) as workspace:
        version, known = workspace.registry.get(name_or_id)
    if as_json:
        print_json({"id": version.id, "name": version.name, "folder": version.folder, "registered": known})
        return
    missing = f"; not agreed yet: {', '.join(known.standing.missing)}" if known.standing.missing else ""
    note(f"{version.name} {known.number or '(no number)'} ({version.id}): {known.standing.stage}{missing}")
    print_table(
        ["stage", "role", "by", "at", "note"],
        [(word.stage, word.role, word.by, word.at, word.note) for word in known.words],
    )
    click.echo(changelog_markdown(known.changelog))


@command.command("move")
@click.argument("name_or_id")
@click.argument("stage", type=click.Choice(STAGES[1:]))
@click.option("--role", required=True, help="The role that you speak for.")
@click.option("--note", "remark", default="", help="What you have to say; a withdrawal needs a reason.")
@json_option
@click.pass_obj
def move_command(folder: Path, name_or_id: str, stage: Stage, role: str, remark: str, as_json: bool) -> None:
    """Say that a version is reviewed, approved or withdrawn. You are PRECEPTOR_ACTOR, or the system's user."""
    with Workspace.open(folder) as workspace:
        word, now = workspace.registry.speak(name_or_id, stage, role, remark)
    if as_json:
        print_json({"word": word, "standing": now})
    else:
        waits = f"; not agreed yet: {', '.join(now.missing)}" if now.missing else ""
        note(f"{word.by} ({word.role}) says {stage}: {word.version_id} is {now.stage}{waits}")


@command.command("changelog")
@click.argument("name")
@json_option
@click.pass_obj
def changelog_command(folder: Path, name: str, as_json: bool) -> None:
    """Print the changelog of a dataset as Markdown."""
    with Workspace.open(folder) as workspace:
        entries = workspace.registry.changelog(name)
    if as_json:
        print_json(entries)
    else:
        click.echo(changelog_markdown(entries))


@command.command("withdraw-record")
@click.argument("record_id")
@click.option("--reason", required=True, help="Why nobody may use it any more.")
@json_option
@click.pass_obj
def withdraw_command(folder: Path, record_id: str, reason: str, as_json: bool) -> None:
    """Withdraw a record: later builds leave it out; list every version that holds it."""
    with Workspace.open(folder) as workspace:
        found = workspace.registry.withdraw_record(record_id, reason)
    if not found.found:
        note(f"no version holds {record_id!r} now; later builds leave out a record that has this id at any step")
    _show_holders(found, as_json=as_json)


@command.command("holders")
@click.argument("record_id")
@json_option
@click.pass_obj
def holders_command(folder: Path, record_id: str, as_json: bool) -> None:
    """List every version that holds a record, and what was made from those."""
    with Workspace.open(folder) as workspace:
        found = workspace.registry.holders(record_id)
    _show_holders(found, as_json=as_json)


@command.command("card")
@click.argument("name_or_id")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The Markdown file to write.")
@json_option
@click.pass_obj
def card_command(folder: Path, name_or_id: str, out: Path, as_json: bool) -> None:
    """Write the card of a version with its number, stage and changelog as they are now."""
    with Workspace.open(folder) as workspace:
        workspace.registry.card(name_or_id, out)
    say_written(out, as_json=as_json)


def _show_holders(found: Holders, *, as_json: bool) -> None:
    if as_json:
        print_json({"holders": found.found, "unread": found.unread})
        return
    print_table(
        ["version", "name", "number", "stage", "made from it"],
        [(one.version_id, one.name, one.number, one.stage, ", ".join(one.descendants)) for one in found.found],
    )
    for version_id in found.unread:
        note(f"the files of {version_id} are not there: nobody knows whether it holds the record")
