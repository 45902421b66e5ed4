"""Decide by a policy whether a candidate may be released: GO, NO-GO or INCONCLUSIVE."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.formatting import wrap_text

from preceptor.cli.gate_tests import plan_command, selftest_command
from preceptor.cli.output import json_option, note, print_json, print_table, show_interval
from preceptor.core.clock import system_clock
from preceptor.core.documents import read_document
from preceptor.core.errors import InputError
from preceptor.core.files import write_text
from preceptor.gates.decide import decide
from preceptor.gates.file_evidence import file_evidence, read_side
from preceptor.gates.headline import SPOKEN
from preceptor.gates.policy import load_policy
from preceptor.gates.report_types import VerdictView
from preceptor.gates.sample_diffs import sample_diffs
from preceptor.gates.types import CriterionResult
from preceptor.gates.verdict_format import verdict_formats

EXIT = {"pass": 0, "fail": 1, "inconclusive": 10}
RUN_PREFIX = "run_"
SLICES_SHOWN = 12


@click.group(invoke_without_command=True)
@click.option("--baseline", help="File of the baseline's scores or another tool's run, or a run's id in the workspace.")
@click.option("--candidate", help="The same for the candidate.")
@click.option("--policy", help="File of the criteria, or a policy's name in the workspace.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write a pull request's comment to this file.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML to this file.")
@click.option("--github", is_flag=True, help="Print GitHub annotations; the comment goes to the step's summary too.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    baseline: str | None,
    candidate: str | None,
    policy: str | None,
    markdown: Path | None,
    junit: Path | None,
    github: bool,
    as_json: bool,
) -> int:
    """Decide whether the candidate meets the policy: GO, NO-GO or INCONCLUSIVE.

    Files hold rows {"id", "score", "cluster"?, "slice"?}, or are what Inspect, lm-eval, promptfoo
    or OpenAI's evals wrote (FILE#TARGET where a file holds several runs). Two runs of the
    workspace (run_...) give a verdict that is kept. Exit code 0: GO, 1: NO-GO, 10: inconclusive.
    """
    if context.invoked_subcommand is not None:
        return 0
    named = {"--baseline": baseline, "--candidate": candidate, "--policy": policy}
    missing = [name for name, value in named.items() if not value]
    if missing:
        raise InputError(f"{', '.join(missing)} not given; see `preceptor gate --help`")
    view = _view(context.obj, str(baseline), str(candidate), str(policy))
    comment = verdict_formats.create("markdown").render(view) if markdown or github else ""
    if markdown:
        write_text(markdown, comment)
    if junit:
        write_text(junit, verdict_formats.create("junit").render(view))
    if github:
        # Nothing else is printed then: the runner reads every line as a command.
        click.echo(verdict_formats.create("github").render(view), nl=False)
        _add_to_summary(comment)
    elif as_json:
        print_json(view.verdict)
    else:
        _show(view)
    return EXIT[view.verdict.verdict]


@command.command("list")
@click.option("--cursor", help="Where the page before ended.")
@json_option
@click.pass_obj
def list_command(folder: Path, cursor: str | None, as_json: bool) -> None:
    """List the verdicts of the workspace, the newest first."""
    from preceptor.workspace import Workspace  # noqa: PLC0415 - two score files need no workspace

    with Workspace.open(folder) as workspace:
        page = workspace.gates.list_verdicts(cursor)
    if as_json:
        print_json(page)
        return
    print_table(
        ["id", "verdict", "policy", "baseline", "candidate", "decided"],
        [
            (one.id, SPOKEN[one.verdict], one.policy_name, one.baseline_run, one.candidate_run, one.decided_at)
            for one in page.items
        ],
    )


def _view(folder: Path, baseline: str, candidate: str, policy: str) -> VerdictView:
    if baseline.startswith(RUN_PREFIX) and candidate.startswith(RUN_PREFIX):
        # The workspace brings every capability with it; two score files need none of them.
        from preceptor.workspace import Workspace  # noqa: PLC0415

        with Workspace.open(folder) as workspace:
            return workspace.gates.decide_and_show(baseline, candidate, policy)
    rules = load_policy(read_document(Path(policy)))
    before, after = read_side(baseline), read_side(candidate)
    verdict = decide(file_evidence(before, after, system_clock()), rules)
    samples = sample_diffs(after.suite, before.results, after.results) if after.suite else ()
    return VerdictView(
        verdict=verdict,
        baseline=before.facts.model or baseline,
        candidate=after.facts.model or candidate,
        primary=after.primary,
        samples=samples,
        policy_file=policy,
    )


def _add_to_summary(comment: str) -> None:
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(comment)


def _show(view: VerdictView) -> None:
    verdict = view.verdict
    click.echo(f"{SPOKEN[verdict.verdict]} by policy {verdict.policy_name!r} ({verdict.policy_hash[:12]})")
    if verdict.id:
        click.echo(f"kept as {verdict.id}; `preceptor report {verdict.id}` writes the report")
    print_table(
        ["criterion", "tier", "says", "value", "interval", "n", "n needed"],
        [_row(one) for one in verdict.criteria],
    )
    for one in verdict.criteria:
        metric = f" ({one.metric})" if one.metric else ""
        click.echo(wrap_text(f"{one.name or one.kind}{metric}: {one.reason}", width=80, subsequent_indent="  "))
        held = [part for part in one.slices if part.verdict != "pass"]
        for part in held[:SLICES_SHOWN]:
            click.echo(f"  {part.name}: {part.verdict}, {show_interval(part.interval, digits=4)}, n {part.n}")
        if len(held) > SLICES_SHOWN:
            click.echo(f"  and {len(held) - SLICES_SHOWN} more slices")
    for remark in verdict.notes:
        note(wrap_text(f"note: {remark}", width=80, subsequent_indent="  "))


def _row(one: CriterionResult) -> tuple[object, ...]:
    says = f"{one.verdict} (waived)" if one.waiver else one.verdict
    return one.name or one.kind, one.tier, says, one.value, show_interval(one.interval, digits=4), one.n, one.required_n


for part in (selftest_command, plan_command):
    command.add_command(part)
