"""Draw a stratified sample of training records, with the weight of each."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table
from preceptor.core.errors import InputError
from preceptor.datasets.sample_file import sample_file
from preceptor.datasets.sampling_plan import Allocation, SamplingPlan


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", multiple=True, required=True, help="A field that makes the strata: `source`, `metadata.intent`.")
@click.option("--budget", type=click.IntRange(1), required=True, help="How many records in all.")
@click.option(
    "--allocation",
    type=click.Choice(["proportional", "equal", "neyman"]),
    default="proportional",
    show_default=True,
    help="How the budget is shared out; neyman needs --rate.",
)
@click.option("--rate", "rates", multiple=True, metavar="STRATUM=RATE", help="The failure rate guessed for a stratum.")
@click.option("--minimum", type=click.IntRange(0), default=1, show_default=True, help="Records of each stratum.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws other records.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write (JSONL).")
@json_option
def command(
    *,
    file: Path,
    by: tuple[str, ...],
    budget: int,
    allocation: Allocation,
    rates: tuple[str, ...],
    minimum: int,
    seed: int,
    out: Path,
    as_json: bool,
) -> None:
    """Draw records of FILE by strata; a larger --budget keeps those that a smaller one drew.

    `metadata.sampling.weight` is how many records one stands for: a mean is the sum of weight times value over the
    sum of the weights.
    """
    plan = SamplingPlan(
        by=by, budget=budget, allocation=allocation, min_per_stratum=minimum, seed=seed, rates=dict(map(_rate, rates))
    )
    done = sample_file(file, out, plan)
    if as_json:
        print_json({"path": str(out), **done._asdict()})
        return
    print_table(["stratum", "records", "drawn"], done.strata)
    note(f"{done.num_drawn:,} of {done.num_records:,} records in {out}")


def _rate(text: str) -> tuple[str, float]:
    stratum, _, rate = text.rpartition("=")
    try:
        return stratum, float(rate)
    except ValueError as error:
        raise InputError(f"--rate {text!r:.80} is no STRATUM=RATE, such as refund=0.1") from error
