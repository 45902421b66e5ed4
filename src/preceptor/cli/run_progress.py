"""A run of a suite as it goes: how many samples are done, how they fare, what they cost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from preceptor.cli.output import RateColumn
from preceptor.evals.totals import RunTotals
from preceptor.workspace.evals import Watch

FAILED = ("infra_error", "model_error", "grader_error")


@contextmanager
def run_progress(title: str, num_samples: int) -> Iterator[Watch]:
    """A bar on standard error, where that is a terminal; it is shown the totals as they grow."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=num_samples, figures="")

        def watch(totals: RunTotals) -> None:
            bar.update(task, completed=totals.by_status.total(), figures=figures_of(totals))

        yield watch


def figures_of(totals: RunTotals) -> str:
    """Mean of the primary metric, failures, tokens and dollars, as far as they are known.

    >>> from preceptor.evals.types import SampleResult
    >>> totals = RunTotals(primary="score")
    >>> totals.add(SampleResult(case_id="a", status="infra_error", output=None))
    >>> figures_of(totals)
    '1 failed'
    """
    failed = sum(totals.by_status[status] for status in FAILED)
    parts = [
        f"{totals.primary} {totals.mean:.3f}" if totals.mean is not None else "",
        f"{failed} failed" if failed else "",
        f"{totals.num_cached} cached" if totals.num_cached else "",
        f"{totals.tokens:,} tokens" if totals.tokens else "",
        f"${totals.dollars:.4f}" if totals.dollars else "",
    ]
    return " · ".join(part for part in parts if part)
