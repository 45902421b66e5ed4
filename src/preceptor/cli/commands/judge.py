"""Compare a judge with people, so that its scores may decide."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, say_written, show_interval
from preceptor.judges.types import Calibration, Figure
from preceptor.workspace import Workspace

PLACE = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """Compare a judge with people, so that its scores may decide."""


@command.command("sample")
@click.argument("run_id")
@click.option("--metric", required=True, help="The metric that a judge scored.")
@click.option("--count", type=click.IntRange(1), default=100, show_default=True, help="How many answers.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws other answers.")
@click.option("--out", type=PLACE, required=True, help="The file to write (JSONL).")
@json_option
@click.pass_obj
def sample_command(folder: Path, run_id: str, metric: str, count: int, seed: int, out: Path, as_json: bool) -> None:
    """Draw answers of a run at random for people to label, without the judge's scores.

    Fill in `label` (true, false, or a number from 0 to 1) and `annotator`, then `preceptor judge label`.
    """
    with Workspace.open(folder) as workspace:
        num = workspace.judges.sample(run_id, metric, count, out, seed)
    if not as_json:
        note(f"{num} answers to label")
    say_written(out, as_json=as_json)


@command.command("label")
@click.argument("run_id")
@click.argument("path", type=PLACE)
@click.option("--metric", required=True, help="The metric that a judge scored.")
@json_option
@click.pass_obj
def label_command(folder: Path, run_id: str, path: Path, metric: str, as_json: bool) -> None:
    """Keep people's labels of a run's answers from PATH (JSONL or CSV)."""
    with Workspace.open(folder) as workspace:
        num_new = workspace.judges.add_labels(run_id, metric, path)
    if as_json:
        print_json({"new": num_new})
    else:
        note(f"{num_new} labels added")


@command.command("calibrate")
@click.argument("run_id")
@click.option("--metric", required=True, help="The metric that a judge scored.")
@click.option("--threshold", type=float, default=0.5, show_default=True, help="The score from which an answer is good.")
@click.option("--no-probes", is_flag=True, help="Ask the judge nothing; leave out padding, order and repeats.")
@json_option
@click.pass_obj
def calibrate_command(folder: Path, run_id: str, metric: str, threshold: float, no_probes: bool, as_json: bool) -> None:
    """Compare the judge of a metric with the labels of a run, and keep the record."""
    with Workspace.open(folder) as workspace:
        record = workspace.judges.calibrate(run_id, metric, threshold=threshold, with_probes=not no_probes)
    _show(record, as_json=as_json)


@command.command("show")
@click.argument("calibration_id")
@json_option
@click.pass_obj
def show_command(folder: Path, calibration_id: str, as_json: bool) -> None:
    """Show a calibration record."""
    with Workspace.open(folder) as workspace:
        record = workspace.judges.get(calibration_id)
    _show(record, as_json=as_json)


@command.command("list")
@click.option("--cursor", help="Where the page before ended.")
@json_option
@click.pass_obj
def list_command(folder: Path, cursor: str | None, as_json: bool) -> None:
    """List calibration records, the newest first."""
    with Workspace.open(folder) as workspace:
        page = workspace.judges.list_page(cursor)
    if as_json:
        print_json(page)
        return
    print_table(
        ["id", "judge", "metric", "labels", "kappa", "made"],
        [(one.id, one.judge[:12], one.metric, one.num_labels, one.agreement.value, one.made_at) for one in page.items],
    )


def _show(record: Calibration, *, as_json: bool) -> None:
    if as_json:
        print_json(record)
        return
    click.echo(f"{record.id}: judge {record.judge[:12]} of {record.metric}, {record.num_labels} labelled answers")
    figures = [
        ("kappa with people", record.agreement),
        ("accuracy", record.accuracy),
        ("sensitivity", record.sensitivity),
        ("specificity", record.specificity),
        ("judge minus people", record.bias),
        *((probe.name, probe.figure) for probe in record.probes),
    ]
    print_table(["figure", "value", "interval", "n", "remark"], [_row(name, figure) for name, figure in figures])


def _row(name: str, figure: Figure) -> tuple[object, ...]:
    return name, figure.value, show_interval(figure.interval), figure.n, figure.reason
