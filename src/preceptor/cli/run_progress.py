"""A run of a suite as it goes: how many samples are done, how they fare, what they cost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from preceptor.cli.output import RateColumn
from preceptor.evals.types import RunProgress
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

        def watch(progress: RunProgress) -> None:
            bar.update(task, completed=progress.num_done, figures=figures_of(progress))

        yield watch


def figures_of(progress: RunProgress) -> str:
    """Mean of the primary metric, failures, tokens and dollars, as far as they are known.

    >>> from preceptor.evals.progress import ProgressTally
    >>> from preceptor.evals.types import SampleResult
    >>> tally = ProgressTally(num_samples=2, primary="score")
    >>> tally.add(SampleResult(case_id="a", status="infra_error", output=None))
    >>> figures_of(tally.view())
    '1 failed'
    """
    failed = sum(progress.by_status.get(status, 0) for status in FAILED)
    tokens = progress.input_tokens + progress.output_tokens
    parts = [
        f"mean {progress.mean:.3f}" if progress.mean is not None else "",
        f"{failed} failed" if failed else "",
        f"{progress.num_cached} cached" if progress.num_cached else "",
        f"{tokens:,} tokens" if tokens else "",
        f"${progress.dollars:.4f}" if progress.dollars else "",
    ]
    return " · ".join(part for part in parts if part)
