"""Run the whole loop on a real model: from production traces to a release verdict."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import click

from preceptor import settings
from preceptor.cli.output import json_option, note, print_json, progress
from preceptor.demo.run import MODEL, Demo
from preceptor.demo.types import Outcome, Step
from preceptor.gates.headline import SPOKEN
from preceptor.models.pull import pull

RUNTIME = "xllamacpp"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("preceptor-demo"))
@click.option("--recorded", is_flag=True, help="Show the loop on answers that the model gave before, without it.")
@json_option
def command(folder: Path, recorded: bool, as_json: bool) -> None:
    """Run the whole loop in FOLDER (made when it is not there; ./preceptor-demo by default).

    Every answer is generated now by SmolLM2-135M on this machine's CPU, in about five minutes
    on two cores. Stop it at any moment: the same command goes on. Exit code 0 whatever the
    verdict; `preceptor gate` ends with the verdict's own.
    """
    if not recorded and importlib.util.find_spec(RUNTIME) is None:
        note("the local model's runtime is not here, so RECORDED answers of the same model are used;")
        note("for answers generated now: pip install 'preceptor[local]', then name a new folder")
        recorded = True
    if not recorded:
        pull(MODEL, settings.cache_folder(), say=note)
    demo = Demo(
        folder=folder,
        threads=settings.num_threads(default=min(2, settings.num_cores())),
        progress=progress,
        on_step=_show_step,
        stopwatch=time.monotonic,
        is_recorded=recorded,
    )
    outcome = demo.run()
    if as_json:
        print_json(outcome.verdict)
    else:
        _show(outcome)


def _show_step(step: Step) -> None:
    note(f"{step.title}  ({step.seconds:.1f} s)")
    for line in step.lines:
        note(f"   {line}")


def _show(outcome: Outcome) -> None:
    click.echo(f"\nVerdict: {SPOKEN[outcome.verdict.verdict]}")
    for one in outcome.verdict.criteria:
        click.echo(f"  {one.verdict:13} {one.name or one.kind} ({one.metric}): {one.reason}")
    click.echo(f"Audit log: {outcome.audit.num_entries} entries, {len(outcome.audit.problems)} problems")
    click.echo(f"  root {outcome.audit.root}")
    click.echo(f"Total: {sum(step.seconds for step in outcome.steps):.0f} s")
    click.echo(f"Report: {outcome.report_html}")
