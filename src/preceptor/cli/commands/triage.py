"""Grade and diagnose traces; rank what fails."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, progress, show_interval
from preceptor.workspace import Workspace


@click.command()
@click.option("--only-show", is_flag=True, help="Show the ranking of what was found before; grade nothing.")
@json_option
@click.pass_obj
def command(folder: Path, only_show: bool, as_json: bool) -> None:
    """Grade each new trace, look for failures by the taxonomy, and rank the failure modes, the worst first."""
    with Workspace.open(folder) as workspace, progress("Triage", None) as advance:
        modes = workspace.traces.failure_modes() if only_show else workspace.traces.triage(advance)
    if as_json:
        print_json(modes)
        return
    if not modes:
        note("no failure was found")
    print_table(
        ["failure mode", "severity", "traces", "of", "rate", "95 % interval", "root causes"],
        [
            (
                mode.category,
                mode.severity,
                mode.num_traces,
                mode.num_total,
                f"{mode.rate:.3f}",
                show_interval(mode.interval),
                ", ".join(f"{cause} {count}" for cause, count in mode.root_causes.items()),
            )
            for mode in modes
        ],
    )
