"""One label an item from a file of many annotators' answers, or why there is none."""

from __future__ import annotations

from pathlib import Path

import click

from preceptor.cli.output import json_option, print_json_lines
from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.qc.aggregator import Aggregator, aggregators
from preceptor.qc.answer_files import AnswerColumns, read_item_answers, read_label
from preceptor.qc.resolve import resolve
from preceptor.qc.types import Label, Unresolved


@click.command()
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--aggregator", default="majority_vote", show_default=True, help="How answers become a label.")
@click.option("--item-col", default="item", show_default=True, help="The column that names the item.")
@click.option("--annotator-col", default="annotator", show_default=True, help="The column that names the annotator.")
@click.option("--value-col", default="value", show_default=True, help="The column of the answer; empty is missing.")
@click.option(
    "--set", "settings", multiple=True, help="A setting of the aggregator: minimum_share=0.6; may be repeated."
)
@json_option
def command(
    *,
    answers: Path,
    aggregator: str,
    item_col: str,
    annotator_col: str,
    value_col: str,
    settings: tuple[str, ...],
    as_json: bool,  # noqa: ARG001 - the output is JSON lines either way
) -> None:
    """The label of each item in ANSWERS (CSV, TSV, JSONL or JSON, a row an answer), as JSON lines.

    A label of null comes with the reason: a tie, too few answers.
    """
    made = _aggregator(aggregator, settings)
    columns = AnswerColumns(item=item_col, annotator=annotator_col, value=value_col)
    read = read_item_answers(answers, columns, read_label)
    print_json_lines(_row(result) for result in resolve(read, made))


def _aggregator(name: str, settings: tuple[str, ...]) -> Aggregator:
    given: JsonObject = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise InputError(f"--set {setting!r} has no `=`; write NAME=VALUE")
        given[key.strip()] = parse_document(text, f"--set {key}").value
    return aggregators.create(name, given)


def _row(result: Label | Unresolved) -> JsonObject:
    if isinstance(result, Unresolved):
        label, confidence, reason = None, None, result.reason
    else:
        label, confidence, reason = result.value, result.confidence, ""
    return {
        "item": result.item,
        "label": label,
        "confidence": confidence,
        "num_answers": result.num_answers,
        "reason": reason,
    }
