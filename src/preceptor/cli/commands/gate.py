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
RUN_PREFIX = "run_"


@click.command()
@click.option("--baseline", required=True, help="File of the baseline's scores, or a run's id in the workspace.")
@click.option("--candidate", required=True, help="File of the candidate's scores, or a run's id in the workspace.")
@click.option("--policy", required=True, help="File of the criteria, or a policy's name in the workspace.")
@json_option
@click.pass_obj
def command(folder: Path, baseline: str, candidate: str, policy: str, as_json: bool) -> int:
    """Decide whether the candidate meets every criterion of the policy.

    Score files hold rows {"id", "score", "cluster"?, "slice"?}. Two runs of the workspace
    (run_...) give a verdict that is kept. Exit code 0: pass, 1: fail, 10: inconclusive.
    """
    if baseline.startswith(RUN_PREFIX) and candidate.startswith(RUN_PREFIX):
        # The workspace brings every capability with it; two score files need none of them.
        from preceptor.workspace import Workspace  # noqa: PLC0415

        with Workspace.open(folder) as workspace:
            verdict = workspace.gates.decide(baseline, candidate, policy)
    else:
        criteria = load_policy(read_document(Path(policy)))
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
    if verdict.id:
        click.echo(f"kept as {verdict.id}; `preceptor report {verdict.id}` writes the report")
    print_table(
        ["criterion", "says", "value", "interval", "n", "n needed"],
        [
            (one.kind, one.verdict, one.value, show_interval(one.interval, digits=4), one.n, one.required_n)
            for one in verdict.criteria
        ],
    )
    for one in verdict.criteria:
        click.echo(wrap_text(f"{one.kind} ({one.metric}): {one.reason}", width=80, subsequent_indent="  "))
