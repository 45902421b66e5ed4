"""Compare two sides' scores of the same cases: difference, interval, p-value, slices."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table, show_interval
from preceptor.core.errors import InputError
from preceptor.evals.compare import compare
from preceptor.evals.difference import Scale
from preceptor.evals.pairing import name_some
from preceptor.evals.score_files import read_score_rows
from preceptor.evals.types import Comparison

EXIT_OK, EXIT_INCONCLUSIVE = 0, 10


@click.command()
@click.argument("baseline", type=click.Path(path_type=Path))
@click.argument("candidate", type=click.Path(path_type=Path))
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of the two-sided intervals.")
@click.option(
    "--scale",
    type=(float, float),
    default=None,
    metavar="LOW HIGH",
    help="Lowest and highest possible score, where scores lie outside 0 to 1.",
)
@json_option
def command(
    baseline: Path, candidate: Path, confidence: float, scale: tuple[float, float] | None, as_json: bool
) -> int:
    """Compare the scores in CANDIDATE with those in BASELINE, case by case.

    Both are files of rows {"id", "score", "cluster"?, "slice"?}. The difference is candidate
    minus baseline. A case without a score on both sides is reported, never counted as 0.
    """
    if scale is not None and not scale[0] < scale[1]:
        raise InputError(f"--scale is {scale[0]:g} {scale[1]:g}; write the lowest score first")
    outcome = compare(
        read_score_rows(baseline),
        read_score_rows(candidate),
        confidence=confidence,
        scale=Scale(*scale) if scale else None,
    )
    if as_json:
        print_json(outcome)
    else:
        _show(outcome)
    return EXIT_OK if outcome.n else EXIT_INCONCLUSIVE


def _show(outcome: Comparison) -> None:
    interval_name = f"{outcome.confidence * 100:g}% interval"
    rows = [
        ("cases compared", outcome.n),
        ("baseline mean", outcome.baseline_mean),
        ("candidate mean", outcome.candidate_mean),
        ("difference", outcome.difference),
        (interval_name, show_interval(outcome.interval)),
        ("p-value", outcome.p_value),
        ("test", outcome.test),
        ("improved", outcome.improved),
        ("regressed", outcome.regressed),
    ]
    print_table(["candidate against baseline", ""], rows)
    if outcome.slices:
        columns = ["slice", "n", "baseline", "candidate", "difference", interval_name]
        print_table(
            columns,
            [
                (
                    part.name,
                    part.n,
                    part.baseline_mean,
                    part.candidate_mean,
                    part.difference,
                    show_interval(part.interval),
                )
                for part in outcome.slices
            ],
        )
    if outcome.reason:
        note(outcome.reason)
    for group, ids in vars(outcome.unpaired).items():
        if ids:
            note(f"not compared, {group.replace('_', ' ')}: {len(ids)} ({name_some(ids)})")
