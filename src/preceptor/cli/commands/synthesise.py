"""Write training records with a model: from seeds, over a grid, within limits."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, progress, show_interval
from preceptor.synthesis.types import SynthesisReport
from preceptor.workspace import Workspace


@click.command()
@click.argument("plan")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file of records to write (JSONL).")
@click.option("--budget", type=click.FloatRange(min=0), help="Dollars that generator and judge may take together.")
@json_option
@click.pass_obj
def command(folder: Path, plan: str, out: Path, budget: float | None, as_json: bool) -> int:
    """Write the records of PLAN (a file of `synthesis/`) to a JSONL file that a dataset recipe can read.

    Each record carries the mark of a synthetic one: the model that wrote it and the hash of what it was
    asked. Exit codes: 0 every slot was filled, 1 some stayed empty.
    """
    with Workspace.open(folder) as workspace:
        slots = workspace.synthesis.plan(plan)
        total = len(slots.personas) * len(slots.intents) * len(slots.difficulties) * slots.per_cell
        with progress("records", total) as advance:
            made = workspace.synthesis.run(plan, out, budget, advance)
    if as_json:
        print_json({"path": str(out), **vars(made.report)})
    else:
        _show(made.report, out)
    return int(made.report.num_taken < made.report.num_wanted)


def _show(report: SynthesisReport, out: Path) -> None:
    note(f"{report.num_taken} of {report.num_wanted} records in {out}, {report.num_attempts} tries")
    if report.rejected:
        print_table(["not taken because", "tries"], report.rejected.items())
    rows = [(axis, value, count) for axis, values in report.covered.items() for value, count in values.items()]
    print_table(["axis", "value", "records"], rows)
    distinct = report.distinct
    note(f"distinct word pairs: {distinct.value if distinct.value is not None else distinct.reason}")
    share = report.good_share
    said = share.reason if share.value is None else f"{share.value:.3f} {show_interval(share.interval)} of {share.n}"
    note(f"good in the eyes of people, by the judge's calibration: {said}")
