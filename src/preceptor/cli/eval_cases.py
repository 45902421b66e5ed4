"""`preceptor eval cases` and `coverage`: what suites are made of, and what they cover."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, say_written
from preceptor.core.errors import InputError
from preceptor.workspace import Workspace


@click.command("cases")
@click.argument("name")
@click.option("--like", required=True, help="The suite whose graders and passages the new one shares.")
@click.option("--rubric", help="The rubric whose labels say what is wanted.")
@click.option("--category", help="The failure whose traces become cases.")
@click.option("--share", type=click.FloatRange(0, 1), default=1.0, show_default=True, help="Share of conversations.")
@click.option("--replay", multiple=True, metavar="TRACE", help="Instead: play this conversation again, turn by turn.")
@json_option
@click.pass_obj
def cases_command(
    folder: Path,
    name: str,
    like: str,
    rubric: str | None,
    category: str | None,
    share: float,
    replay: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a suite NAME of labelled production failures, or of conversations that are played again."""
    with Workspace.open(folder) as workspace:
        if replay:
            path = workspace.evals.create_replays(name, like, replay)
        elif rubric and category:
            path = workspace.evals.create_cases(name, like, rubric, category, share)
        else:
            raise InputError("give --rubric and --category for labelled failures, or --replay for conversations")
    say_written(path, as_json=as_json)


@click.command("coverage")
@click.argument("suites", nargs=-1, required=True)
@json_option
@click.pass_obj
def coverage_command(folder: Path, suites: tuple[str, ...], as_json: bool) -> int:
    """Show which behaviour goals and intents SUITES cover. Exit code 1 when a goal has no case."""
    with Workspace.open(folder) as workspace:
        found = workspace.evals.coverage_map(suites)
    if as_json:
        print_json(found)
    else:
        rows = [(one.name, one.meaning, one.num_cases, _counts(one.by_purpose)) for one in found.goals]
        print_table(["goal", "meaning", "cases", "by purpose"], rows)
        print_table(["intent", "cases"], [(name, _counts(counts)) for name, counts in found.by_intent.items()])
        if found.uncovered:
            note(f"no case covers: {', '.join(found.uncovered)}")
        if found.without_goal:
            note(f"cases that name no goal: {len(found.without_goal)}")
    return 1 if found.uncovered else 0


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
