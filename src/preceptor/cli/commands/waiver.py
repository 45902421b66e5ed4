"""Let a criterion of a policy by until a day; list waivers, take one back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from preceptor.cli.output import json_option, note, print_json, print_table
from preceptor.gates.waivers import WaiverRequest
from preceptor.workspace import Workspace


@click.group()
def command() -> None:
    """Let a criterion of a policy by until a day; list waivers, take one back."""


@command.command("give")
@click.argument("policy")
@click.option("--criterion", required=True, help="The criterion's name in the policy.")
@click.option("--slice", "slice_name", default="", help="Only this slice of it.")
@click.option("--role", required=True, help="In what capacity you give it, such as product.")
@click.option("--reason", required=True, help="Why the release may go on without it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Its last day (UTC).")
@json_option
@click.pass_obj
def give_command(
    folder: Path, policy: str, criterion: str, slice_name: str, role: str, reason: str, until: datetime, as_json: bool
) -> None:
    """Waive a criterion of POLICY in your name (PRECEPTOR_ACTOR, or the system's user), with your reason."""
    with Workspace.open(folder) as workspace:
        request = WaiverRequest(
            criterion=criterion,
            by=workspace.settings.actor,
            role=role,
            reason=reason,
            # The last day counts whole.
            until=until.replace(tzinfo=UTC) + timedelta(days=1, microseconds=-1),
            slice=slice_name,
        )
        waiver = workspace.gates.waive(policy, request)
    if as_json:
        print_json(waiver)
    else:
        note(f"{waiver.id}: {waiver.by} waives {waiver.criterion} of {waiver.policy} to the end of {until:%Y-%m-%d}")


@command.command("list")
@click.argument("policy")
@json_option
@click.pass_obj
def list_command(folder: Path, policy: str, as_json: bool) -> None:
    """List the waivers of POLICY that were not withdrawn, the ended ones too."""
    with Workspace.open(folder) as workspace:
        found = workspace.gates.list_waivers(policy)
    if as_json:
        print_json(found)
        return
    print_table(
        ["id", "criterion", "slice", "by", "role", "ends", "reason"],
        [(one.id, one.criterion, one.slice, one.by, one.role, one.until, one.reason) for one in found],
    )


@command.command("withdraw")
@click.argument("waiver_id")
@json_option
@click.pass_obj
def withdraw_command(folder: Path, waiver_id: str, as_json: bool) -> None:
    """Take a waiver back: no verdict rests on it from now on."""
    with Workspace.open(folder) as workspace:
        waiver = workspace.gates.withdraw_waiver(waiver_id)
    if as_json:
        print_json(waiver)
    else:
        note(f"{waiver.id} of {waiver.criterion} is withdrawn")
