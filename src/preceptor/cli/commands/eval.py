"""Run suites on targets; list, show and compare runs."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, progress, show_interval
from preceptor.workspace import Workspace

EXIT_UNFINISHED = 6


@click.group()
def command() -> None:
    """Run suites on targets; list, show and compare runs."""


@command.command("run")
@click.argument("suite")
@click.option("--target", required=True, help="The target's name.")
@click.option("--again", is_flag=True, help="Run again although a finished run of the same is there.")
@click.option("--concurrency", type=click.IntRange(1, 256), default=4, show_default=True, help="Requests at once.")
@json_option
@click.pass_obj
def run_command(folder: Path, suite: str, target: str, again: bool, concurrency: int, as_json: bool) -> int:
    """Run SUITE on a target; an interrupted run goes on where it was. Exit code 6 when some samples failed outside."""
    with Workspace.open(folder) as workspace:
        total = len(workspace.definitions.suite(suite).cases)
        with progress(f"{suite} on {target}", total) as advance:
            run, outcome = workspace.evals.run(suite, target, advance=advance, again=again, concurrency=concurrency)
    if as_json:
        print_json({"run": run, "asked": outcome.num_asked if outcome else 0, "finished": run.finished_at is not None})
    else:
        note(f"{run.id}: {outcome.num_asked} asked now" if outcome else f"{run.id}: was finished before")
        if outcome and outcome.stopped:
            note(f"stopped: {outcome.stopped}")
        if run.finished_at is None:
            note("not finished; run the same command again to go on")
    return 0 if run.finished_at else EXIT_UNFINISHED


@command.command("list")
@click.option("--cursor", help="Where the page before ended.")
@json_option
@click.pass_obj
def list_command(folder: Path, cursor: str | None, as_json: bool) -> None:
    """List runs, the newest first."""
    with Workspace.open(folder) as workspace:
        page = workspace.evals.list_page(cursor)
    if as_json:
        print_json(page)
        return
    print_table(
        ["id", "suite", "target", "cases", "finished"],
        [(run.id, run.suite, run.target, run.num_cases, run.finished_at) for run in page.items],
    )


@command.command("show")
@click.argument("run_id")
@json_option
@click.pass_obj
def show_command(folder: Path, run_id: str, as_json: bool) -> None:
    """Show a run's samples with their scores."""
    with Workspace.open(folder) as workspace:
        run, samples = workspace.evals.get(run_id)
    if as_json:
        print_json({"run": run, "samples": samples})
        return
    rows = [
        (
            one.case_id,
            one.status,
            ", ".join(f"{s.metric} {s.value}" for s in one.scores),
            (one.output or one.error)[:80],
        )
        for one in samples
    ]
    print_table(["case", "status", "scores", "answer"], rows, title=f"{run.suite} on {run.target}")


@command.command("compare")
@click.argument("baseline")
@click.argument("candidate")
@click.option("--metric", help="The suite's primary metric when left out.")
@json_option
@click.pass_obj
def compare_command(folder: Path, baseline: str, candidate: str, metric: str | None, as_json: bool) -> None:
    """Compare two runs of the same cases (by id), pair by pair."""
    with Workspace.open(folder) as workspace:
        found = workspace.evals.compare(baseline, candidate, metric)
    if as_json:
        print_json(found)
        return
    print_table(
        ["n", "baseline", "candidate", "difference", "interval", "p", "improved", "regressed"],
        [
            (
                found.n,
                found.baseline_mean,
                found.candidate_mean,
                found.difference,
                show_interval(found.interval),
                found.p_value,
                found.improved,
                found.regressed,
            )
        ],
    )
    if found.reason:
        note(found.reason)


@command.command("cases")
@click.argument("name")
@click.option("--like", required=True, help="The suite whose graders and passages the new one shares.")
@click.option("--rubric", required=True, help="The rubric whose labels say what is wanted.")
@click.option("--category", required=True, help="The failure whose traces become cases.")
@click.option("--share", type=click.FloatRange(0, 1), default=1.0, show_default=True, help="Share of conversations.")
@json_option
@click.pass_obj
def cases_command(folder: Path, name: str, like: str, rubric: str, category: str, share: float, as_json: bool) -> None:
    """Make a suite NAME of labelled production failures."""
    with Workspace.open(folder) as workspace:
        path = workspace.evals.create_cases(name, like, rubric, category, share)
    if as_json:
        print_json({"path": str(path)})
    else:
        note(f"wrote {path}")
