"""Divide a file into train, validation and test, whole groups together."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from preceptor.cli.output import json_option, note, print_json, print_table
from preceptor.datasets.split import SplitPlan
from preceptor.datasets.split_file import split_file

_SHARE = click.FloatRange(min=0, max=1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--group-by",
    required=True,
    help="The field whose values stay together (`metadata.user`); `prompt` or `template` for those of the record.",
)
@click.option("--train", type=_SHARE, default=0.8, show_default=True, help="The share of the groups to learn from.")
@click.option("--validation", type=_SHARE, default=0.1, show_default=True, help="The share to choose settings with.")
@click.option("--test", type=_SHARE, default=0.1, show_default=True, help="The share to measure with.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed is another division.")
@click.option(
    "--missing",
    type=click.Choice(["error", "prompt"]),
    default="error",
    show_default=True,
    help="What to do with a row without the field: stop, or keep it with those of its prompt.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The folder to write, which must not be there yet."
)
@json_option
def command(
    *,
    file: Path,
    group_by: str,
    train: float,
    validation: float,
    test: float,
    seed: int,
    missing: Literal["error", "prompt"],
    out: Path,
    as_json: bool,
) -> None:
    """Divide the rows of FILE (JSONL, JSON, CSV or Parquet) into train.jsonl, validation.jsonl and test.jsonl.

    A group goes where the hash of its name says, so that no row moves when rows are added; the shares hold for groups,
    on average. Lines of JSONL are written as they stood.
    """
    plan = SplitPlan(train=train, validation=validation, test=test, seed=seed)
    done = split_file(file, out, group_by, plan, missing)
    if as_json:
        print_json(done)
        return
    rows = [(name, f"{count:,}", f"{count / done.num_records:.1%}") for name, count in done.splits.items()]
    print_table(["split", "rows", "share"], rows)
    note(f"{done.num_groups:,} groups, {done.leaks:,} of them in more than one split")
    if done.shared_prompts:
        note(f"{done.shared_prompts:,} prompts stand in more than one split; --group-by prompt keeps them together")
    note(f"wrote {out}")
