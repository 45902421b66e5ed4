"""`preceptor gate selftest` and `plan`: how often a policy would be wrong, and how many cases it takes."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from preceptor.cli.output import json_option, note, print_json, print_table, progress, show_interval
from preceptor.core.clock import system_clock
from preceptor.core.documents import read_document
from preceptor.gates.file_evidence import file_evidence, read_side
from preceptor.gates.policy import Policy, load_policy
from preceptor.gates.selftest import Rate, SelfTest, SelfTestReport, selftest
from preceptor.gates.types import Evidence
from preceptor.stats.planning import Design, plan, smallest_margin

RUN_PREFIX = "run_"


@click.command("selftest")
@click.argument("policy")
@click.argument("run")
@click.option("--against", help="A second run: what wavers between the two is then seen, too.")
@click.option("--replicates", type=click.IntRange(20, 10_000), default=200, show_default=True, help="Pairs to make up.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same figures.")
@json_option
@click.pass_obj
def selftest_command(
    folder: Path, policy: str, run: str, against: str | None, replicates: int, seed: int, as_json: bool
) -> None:
    """Say how often POLICY would be wrong on data like that of RUN (a run's id, or a file).

    Pairs of runs are drawn from it that do not differ (a NO-GO is a false alarm), and pairs that
    differ by exactly what a criterion must not let by (a GO is a false GO).
    """
    rules, evidence = _read(folder, policy, run, against or run)
    with progress("self-test", None) as advance:
        report = selftest(
            evidence,
            rules,
            np.random.default_rng(seed),
            replicates,
            lambda _done, _total: advance(1),
        )
    if as_json:
        print_json(_plain(report))
        return
    click.echo(f"{report.num_replicates} pairs of {report.num_units} cases or clusters each")
    print_table(
        ["criterion", "false alarms", "GO without difference", "false GO at the bar", "remark"],
        [_row(one) for one in (report.policy, *report.criteria)],
    )
    for assumption in report.assumptions:
        note(assumption)


@click.command("plan")
@click.option("--margin", type=float, required=True, help="The largest loss that you accept.")
@click.option("--discordance", type=float, help="Yes/no scores: the share of cases that will flip either way.")
@click.option("--spread", type=float, help="Graded scores: the standard deviation of the changes.")
@click.option("--difference", type=float, default=0.0, show_default=True, help="The true difference that should pass.")
@click.option("--power", type=float, default=0.8, show_default=True, help="In what share of such releases it passes.")
@click.option("--cluster-size", type=click.IntRange(1), default=1, show_default=True, help="Cases in a cluster.")
@click.option("--icc", type=float, default=0.0, show_default=True, help="How far changes within a cluster go together.")
@click.option("--cases", type=click.IntRange(1), help="Instead: the smallest margin that so many cases can show.")
@json_option
def plan_command(
    margin: float,
    discordance: float | None,
    spread: float | None,
    difference: float,
    power: float,
    cluster_size: int,
    icc: float,
    cases: int | None,
    as_json: bool,
) -> None:
    """Say how many cases a non-inferiority gate takes, before any is collected."""
    design = Design(
        margin=margin,
        discordance=discordance,
        spread=spread,
        difference=difference,
        power=power,
        cluster_size=cluster_size,
        icc=icc,
    )
    found = plan(design)
    least = smallest_margin(design, cases) if cases else None
    if as_json:
        print_json(
            {"n": found.n, "clusters": found.num_clusters, "design_effect": found.design_effect, "margin": least}
        )
        return
    if least is not None:
        click.echo(f"{cases:,} cases can show a margin of {least:.4f} with a power of {power:g}")
    elif found.n is None:
        click.echo("more than a million cases would be needed")
    else:
        clusters = f" in {found.num_clusters:,} clusters" if cluster_size > 1 else ""
        click.echo(f"{found.n:,} cases{clusters}")


def _read(folder: Path, policy: str, run: str, against: str) -> tuple[Policy, Evidence]:
    if run.startswith(RUN_PREFIX):
        # Two files need no workspace.
        from preceptor.workspace import Workspace  # noqa: PLC0415

        with Workspace.open(folder) as workspace:
            return workspace.definitions.policy(policy), workspace.gates.evidence(against, run, policy)
    return load_policy(read_document(Path(policy))), file_evidence(read_side(against), read_side(run), system_clock())


def _row(one: SelfTest) -> tuple[object, ...]:
    at_bar = _said(one.at_bar.passed) if one.at_bar else None
    return one.name, _said(one.no_difference.failed), _said(one.no_difference.passed), at_bar, one.reason


def _said(rate: Rate) -> str:
    return f"{rate.value:.1%} {show_interval(rate.interval)}"


def _plain(report: SelfTestReport) -> dict[str, object]:
    return {
        "num_replicates": report.num_replicates,
        "num_units": report.num_units,
        "policy": _plain_test(report.policy),
        "criteria": [_plain_test(one) for one in report.criteria],
        "assumptions": report.assumptions,
    }


def _plain_test(one: SelfTest) -> dict[str, object]:
    scenarios = {"no_difference": one.no_difference, "at_bar": one.at_bar}
    rates = {
        name: None if found is None else {verdict: _plain_rate(rate) for verdict, rate in found._asdict().items()}
        for name, found in scenarios.items()
    }
    return {"name": one.name, "kind": one.kind, **rates, "reason": one.reason}


def _plain_rate(rate: Rate) -> dict[str, object]:
    return {"value": rate.value, "count": rate.times, "n": rate.n, "interval": rate.interval}
