"""Build, compare and export dataset versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue, parse_json
from preceptor.datasets.executor import EXECUTORS
from preceptor.datasets.progress import Progress, StageProgress
from preceptor.datasets.types import CheckResult, Refused
from preceptor.datasets.verify_version import verify_version
from preceptor.workspace import Workspace
from preceptor.workspace.datasets import BuildOptions, Built, ExportOptions

SHOWN = 10


@click.group()
def command() -> None:
    """Build, compare and export dataset versions."""


@command.command("build")
@click.argument("recipe")
@click.option(
    "--executor", type=click.Choice(EXECUTORS), default="local", show_default=True, help="What does the work."
)
@click.option("--cluster", help="The Ray cluster that `daft` uses, ray://…; without it, this machine.")
@click.option("--number", help="A higher semantic number than the one that follows from what changed.")
@json_option
@click.pass_obj
def build_command(
    folder: Path, recipe: str, executor: str, cluster: str | None, number: str | None, as_json: bool
) -> int:
    """Commit an immutable version by RECIPE. Exit code 1 when a check blocks it.

    A build that was killed goes on where it was: give the same command again.
    """
    options = BuildOptions(executor=executor, cluster=cluster, number=number)
    with Workspace.open(folder) as workspace, stages() as watch:
        built = workspace.datasets.build(recipe, options, watch)
    if as_json:
        print_json(built)
    else:
        _show_built(built)
    return int(isinstance(built.outcome, Refused))


@command.command("list")
@json_option
@click.pass_obj
def list_command(folder: Path, as_json: bool) -> None:
    """List every version."""
    with Workspace.open(folder) as workspace:
        versions = workspace.datasets.list_all()
    if as_json:
        print_json(versions)
        return
    print_table(
        ["id", "name", "records", "made"],
        [(one.id, one.name, one.manifest.num_records, one.created_at) for one in versions],
    )


@command.command("diff")
@click.argument("before")
@click.argument("after")
@json_option
@click.pass_obj
def diff_command(folder: Path, before: str, after: str, as_json: bool) -> None:
    """Show what changed from one version to another (by id)."""
    with Workspace.open(folder) as workspace:
        found = workspace.datasets.diff(before, after)
    if as_json:
        print_json(found)
        return
    note(
        f"{found.num_added} added, {found.num_removed} removed, {found.num_changed} changed, "
        f"{found.num_moved} moved between splits, {found.num_unchanged} unchanged"
    )


@command.command("show")
@click.argument("name_or_id")
@json_option
@click.pass_obj
def show_command(folder: Path, name_or_id: str, as_json: bool) -> None:
    """Show what a version holds and what its checks found."""
    with Workspace.open(folder) as workspace:
        version = workspace.datasets.get(name_or_id)
    if as_json:
        print_json(version)
        return
    note(f"{version.id}: {version.manifest.num_records} records {version.manifest.kinds} {version.manifest.splits}")
    _show_checks(version.manifest.checks)


@command.command("verify")
@click.argument("name_or_id")
@json_option
@click.pass_obj
def verify_command(folder: Path, name_or_id: str, as_json: bool) -> int:
    """Look for changes in a version's files since it was committed. Exit code 1 when there are any."""
    with Workspace.open(folder) as workspace:
        problems = verify_version(Path(workspace.datasets.get(name_or_id).folder))
    if as_json:
        print_json({"problems": problems})
    else:
        note("\n".join(problems) or "untouched")
    return int(bool(problems))


@command.command("export")
@click.argument("name_or_id")
@click.option("--format", "exporter", required=True, help="The exporter; `preceptor plugins` lists them.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--split", help="Only this split.")
@click.option("--skip-refused", is_flag=True, help="Leave out records that break a rule of the format; they are named.")
@click.option("--unapproved", is_flag=True, help="Also a version that is not approved yet.")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the exporter; may be repeated."
)
@json_option
@click.pass_obj
def export_command(
    folder: Path,
    name_or_id: str,
    exporter: str,
    out: Path,
    split: str | None,
    skip_refused: bool,
    unapproved: bool,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write a version (by id, or the newest of a name) in a trainer's format."""
    options = ExportOptions(
        split=split, skip_refused=skip_refused, unapproved_ok=unapproved, settings=dict(map(_setting, settings))
    )
    with Workspace.open(folder) as workspace:
        exported = workspace.datasets.export(name_or_id, exporter, out, options)
    if as_json:
        print_json({"path": str(out), **exported._asdict()})
        return
    note(f"{exported.num_rows} rows in {out}; {exported.num_left_out} records are of another kind")
    for refused in exported.refused[:SHOWN]:
        note(f"left out {refused.record_id}: {refused.reason}")
    if len(exported.refused) > SHOWN:
        note(f"and {len(exported.refused) - SHOWN:,} more; --json names them all")


@command.command("publish")
@click.argument("name_or_id")
@click.option("--to", "publisher", required=True, help="hugging-face, hugging-face-hub, webdataset, dvc or lakefs.")
@click.option("--target", required=True, help="The folder, owner/name, or lakefs://repository/branch/path.")
@click.option("--endpoint", default="", help="Where the store answers, for lakefs and a hub of your own.")
@click.option("--unapproved", is_flag=True, help="Also a version that is not approved yet.")
@json_option
@click.pass_obj
def publish_command(
    folder: Path, name_or_id: str, publisher: str, target: str, endpoint: str, unapproved: bool, as_json: bool
) -> None:
    """Bring a version to where others take it from.

    Keys come from the environment: PRECEPTOR_STORE_KEY and PRECEPTOR_STORE_SECRET for lakefs, HF_TOKEN for the hub.
    """
    with Workspace.open(folder) as workspace:
        done = workspace.registry.publish(name_or_id, publisher, target, endpoint, unapproved_ok=unapproved)
    if as_json:
        print_json(done._asdict())
    else:
        note(f"{done.num_files} files, {done.num_bytes:,} bytes in {done.target}")


def _setting(text: str) -> tuple[str, JsonValue]:
    """A name and its value, read as JSON where it is JSON and as a text where not."""
    name, is_given, value = text.partition("=")
    if not is_given:
        raise InputError(f"--set {text!r:.80} has no '='; write NAME=VALUE")
    try:
        return name, parse_json(value)
    except InputError:
        return name, value


@contextmanager
def stages() -> Iterator[Progress]:
    """One line a stage on standard error, when it is done: what, how many records, how long."""

    def watch(done: StageProgress) -> None:
        if done.is_finished:
            kept = " (kept from an earlier run)" if done.is_kept else ""
            note(f"{done.stage}: {done.num_done:,} records, {done.seconds:.1f} s{kept}")

    yield watch


def _show_built(built: Built) -> None:
    for item, reason in built.left_out:
        note(f"left out {item}: {reason}")
    if built.bad_rows.num_rows:
        for said in built.bad_rows.first[:SHOWN]:
            note(f"bad row: {said}")
        note(f"{built.bad_rows.num_rows:,} rows could not be read")
    if isinstance(built.outcome, Refused):
        _show_checks(built.outcome.failing)
        note(built.outcome.reason)
        return
    manifest = built.outcome.manifest
    _show_checks(manifest.checks)
    note(f"{built.outcome.id}: {built.number}, {manifest.num_records} records {manifest.kinds} {manifest.splits}")
    note(f"in {built.outcome.folder}")


def _show_checks(results: Sequence[CheckResult]) -> None:
    rows = [
        (result.check, result.num_checked, result.num_open + result.num_fixed, result.num_fixed, result.reason)
        for result in results
    ]
    print_table(["check", "checked", "findings", "fixed", ""], rows)
    for result in results:
        if result.blocks and result.objects:
            for finding in result.findings[:SHOWN]:
                note(f"{result.check}: {finding.record_id or 'the dataset'}: {finding.reason}")
