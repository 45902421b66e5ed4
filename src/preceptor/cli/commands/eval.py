"""Run suites on targets; list, show, compare, import and export runs."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.eval_cases import cases_command, coverage_command
from preceptor.cli.eval_exchange import export_command, import_command
from preceptor.cli.output import json_option, note, print_json, print_table, say_written, show_interval
from preceptor.cli.run_progress import figures_of, run_progress
from preceptor.evals.progress import ProgressTally
from preceptor.evals.spending import run_spending
from preceptor.evals.types import RunEstimate
from preceptor.workspace import Workspace
from preceptor.workspace.evals import RunOptions

EXIT_UNFINISHED = 6
PLACE = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """Run suites on targets; list, show, compare, import and export runs."""


@command.command("run")
@click.argument("suite")
@click.option("--target", required=True, help="The target's name.")
@click.option("--again", is_flag=True, help="Run again although a finished run of the same is there.")
@click.option("--concurrency", type=click.IntRange(1, 1024), default=64, show_default=True, help="Samples at once.")
@click.option("--no-cache", is_flag=True, help="Ask also what was asked before.")
@click.option("--budget", type=click.FloatRange(0, min_open=True), help="The most dollars to spend, judges included.")
@click.option("--allow-code", is_flag=True, help="Let the suite's tools run their Python functions.")
@json_option
@click.pass_obj
def run_command(
    folder: Path,
    suite: str,
    target: str,
    again: bool,
    concurrency: int,
    no_cache: bool,
    budget: float | None,
    allow_code: bool,
    as_json: bool,
) -> int:
    """Run SUITE on a target; an interrupted run goes on where it was.

    What was asked before is answered from the cache. The estimate is printed first; with a
    --budget nothing is asked that could pass it. Exit code 6 when not every sample was reached.
    """
    options = RunOptions(
        again=again, concurrency=concurrency, use_cache=not no_cache, budget=budget, allow_code=allow_code
    )
    with Workspace.open(folder) as workspace:
        planned = workspace.evals.plan(suite, target)
        estimate = workspace.evals.estimate(planned, again=again)
        if estimate and not as_json:
            note(_said(estimate))
        with run_progress(f"{suite} on {target}", planned.num_samples) as watch:
            run, outcome = workspace.evals.run_planned(planned, options, watch)
        samples = outcome.results if outcome else workspace.evals.get(run.id)[1]
    progress = ProgressTally.of(planned.suite, samples).view()
    if as_json:
        print_json(
            {
                "run": run,
                "asked": outcome.num_asked if outcome else 0,
                "finished": run.finished_at is not None,
                "stopped": outcome.stopped if outcome else "",
                "progress": progress,
                "spending": run_spending(samples),
                "estimate": estimate,
            }
        )
        return 0 if run.finished_at else EXIT_UNFINISHED
    note(f"{run.id}: {outcome.num_asked} asked now" if outcome else f"{run.id}: was finished before")
    if figures_of(progress):
        note(figures_of(progress))
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
@click.option("--html", type=PLACE, help="Write a page with every sample to this file instead.")
@json_option
@click.pass_obj
def show_command(folder: Path, run_id: str, html: Path | None, as_json: bool) -> None:
    """Show a run's samples with their scores; with --html as a page that sorts and filters."""
    with Workspace.open(folder) as workspace:
        if html:
            say_written(workspace.exchange.write_run_page(run_id, html), as_json=as_json)
            return
        run, samples = workspace.evals.get(run_id)
        figures = workspace.evals.epoch_figures(run_id)
    if as_json:
        print_json({"run": run, "samples": samples, "epochs": figures})
        return
    rows = [
        (
            one.case_id,
            one.epoch,
            one.status,
            ", ".join(f"{s.metric} {s.value:.3g}" for s in one.scores if s.value is not None),
            (one.output or one.error)[:80],
        )
        for one in samples
    ]
    print_table(["case", "epoch", "status", "scores", "answer"], rows, title=f"{run.suite} on {run.target}")
    if len(figures) > 1:
        print_table(
            ["k", "pass@k", "pass^k", "cases"], [(one.k, one.pass_at, one.pass_hat, one.num_cases) for one in figures]
        )
        if figures[0].reason:
            note(figures[0].reason)


@command.command("compare")
@click.argument("baseline")
@click.argument("candidate")
@click.option("--metric", help="The suite's primary metric when left out.")
@click.option("--html", type=PLACE, help="Write a page with both runs' answers side by side to this file instead.")
@json_option
@click.pass_obj
def compare_command(
    folder: Path, baseline: str, candidate: str, metric: str | None, html: Path | None, as_json: bool
) -> None:
    """Compare two runs of the same cases (by id), pair by pair."""
    with Workspace.open(folder) as workspace:
        if html:
            say_written(workspace.exchange.write_run_page(candidate, html, baseline), as_json=as_json)
            return
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


def _said(estimate: RunEstimate) -> str:
    """The estimate in a line; judges and cached answers are not in it."""
    tokens = estimate.expected_input_tokens + estimate.expected_output_tokens
    asked = f"to ask: {estimate.num_samples:,} samples, about {tokens:,} tokens"
    if estimate.expected_dollars is None or estimate.highest_dollars is None:
        return asked
    return f"{asked}, about ${estimate.expected_dollars:.4f} and at most ${estimate.highest_dollars:.4f}"


for part in (import_command, export_command, cases_command, coverage_command):
    command.add_command(part)
