"""Decide by a policy whether a candidate may be released: pass, fail or inconclusive."""

from __future__ import annotations

from pathlib import Path

import click
from click.formatting import wrap_text

from preceptor.cli.output import json_option, print_json, print_table, show_interval
from preceptor.core.documents import read_document
from preceptor.evals.score_files import read_score_rows
from preceptor.gates.decide import decide
from preceptor.gates.policy import load_policy
from preceptor.gates.types import Evidence, Verdict

EXIT = {"pass": 0, "fail": 1, "inconclusive": 10}
FILE_METRIC = "score"


@click.command()
@click.option("--baseline", required=True, help="File of the baseline's scores.")
@click.option("--candidate", required=True, help="File of the candidate's scores.")
@click.option("--policy", required=True, type=click.Path(path_type=Path), help="File of the criteria.")
@json_option
def command(baseline: str, candidate: str, policy: Path, as_json: bool) -> int:
    """Decide whether the candidate meets every criterion of the policy.

    Score files hold rows {"id", "score", "cluster"?, "slice"?}. Exit code 0: pass, 1: fail,
    10: inconclusive.
    """
    criteria = load_policy(read_document(policy))
    verdict = decide(_file_evidence(Path(baseline), Path(candidate)), criteria)
    if as_json:
        print_json(verdict)
    else:
        _show(verdict)
    return EXIT[verdict.verdict]


def _file_evidence(baseline: Path, candidate: Path) -> Evidence:
    """Both files' scores, under the one metric that a score file has."""
    return Evidence(
        baseline={FILE_METRIC: read_score_rows(baseline)},
        candidate={FILE_METRIC: read_score_rows(candidate)},
        primary=FILE_METRIC,
    )


def _show(verdict: Verdict) -> None:
    click.echo(f"{verdict.verdict.upper()} by policy {verdict.policy_name!r} ({verdict.policy_hash[:12]})")
    print_table(
        ["criterion", "says", "value", "interval", "n", "n needed"],
        [
            (one.kind, one.verdict, one.value, show_interval(one.interval, digits=4), one.n, one.required_n)
            for one in verdict.criteria
        ],
    )
    for one in verdict.criteria:
        click.echo(wrap_text(f"{one.kind} ({one.metric}): {one.reason}", width=80, subsequent_indent="  "))
