"""How far annotators agree beyond chance, from a file of answers."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, print_json, print_table, show_interval
from preceptor.core.errors import InputError
from preceptor.qc.agreement import LEVELS, Level, measure_agreement
from preceptor.qc.answer_files import AnswerColumns, ReadValue, rank_reader, read_item_answers, read_label, read_number
from preceptor.qc.types import Agreement


@click.command()
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--item-col", default="item", show_default=True, help="The column that names the item.")
@click.option("--annotator-col", default="annotator", show_default=True, help="The column that names the annotator.")
@click.option("--value-col", default="value", show_default=True, help="The column of the answer; empty is missing.")
@click.option("--level", type=click.Choice(LEVELS), default="nominal", show_default=True, help="What the values mean.")
@click.option("--order", help="The values of an ordinal scale from the lowest: low,medium,high.")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of the interval, two-sided.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the bootstrap.")
@json_option
def command(
    *,
    answers: Path,
    item_col: str,
    annotator_col: str,
    value_col: str,
    level: Level,
    order: str | None,
    confidence: float,
    seed: int,
    as_json: bool,
) -> None:
    """Krippendorff's alpha of ANSWERS (CSV, TSV, JSONL or JSON, a row an answer) with its interval."""
    columns = AnswerColumns(item=item_col, annotator=annotator_col, value=value_col)
    read = read_item_answers(answers, columns, _value_reader(level, order))
    agreement = measure_agreement(read, scale=level, confidence=confidence, seed=seed)
    if as_json:
        print_json(agreement)
    else:
        _show(agreement)


def _value_reader(level: Level, order: str | None) -> ReadValue:
    if order is not None and level != "ordinal":
        raise InputError(f"--order is for --level ordinal, not {level!r}; leave it out")
    if order is not None:
        return rank_reader([name.strip() for name in order.split(",")])
    return read_label if level == "nominal" else read_number


def _show(agreement: Agreement) -> None:
    rows: list[tuple[str, object]] = [
        ("Krippendorff's alpha", agreement.value),
        (f"{agreement.confidence:.0%} interval", show_interval(agreement.interval)),
        ("items", agreement.num_items),
        ("annotators", agreement.num_annotators),
        ("answers", agreement.num_answers),
    ]
    if agreement.reason:
        rows.append(("note", agreement.reason))
    print_table(["", ""], rows)
