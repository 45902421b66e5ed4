"""Fetch and list local models, and ask a target."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from preceptor import settings
from preceptor.cli.output import json_option, note, print_json, print_table, progress
from preceptor.core.documents import read_document
from preceptor.models.catalogue import CATALOGUE, catalogue_model
from preceptor.models.connect import connect
from preceptor.models.generate import Pace, generate, read_prompts
from preceptor.models.provider import Resources
from preceptor.models.pull import pull
from preceptor.models.target import Target, load_target, request_for
from preceptor.models.types import Completion, Message

target_option = click.option(
    "--target",
    "target_file",
    type=click.Path(path_type=Path),
    required=True,
    help="The target's definition file (provider, prompt, settings).",
)


@click.group()
def command() -> None:
    """Fetch and list local models, and ask a target."""


@command.command("pull")
@click.argument("name")
@json_option
def pull_command(name: str, as_json: bool) -> None:
    """Fetch the weights of the catalogue model NAME into the cache, checked."""
    path = pull(name, settings.cache_folder(), say=note)
    model = catalogue_model(name)
    if as_json:
        print_json({"name": name, "path": str(path), "bytes": model.num_bytes, "sha256": model.sha256})


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the models that can be pulled, and which are in the cache."""
    folder = settings.cache_folder()
    rows = [(model, model.path(folder)) for model in CATALOGUE.values()]
    if as_json:
        print_json(
            [
                {
                    "name": model.name,
                    "summary": model.summary,
                    "licence": model.licence,
                    "bytes": model.num_bytes,
                    "path": str(path) if path.is_file() else None,
                }
                for model, path in rows
            ]
        )
        return
    print_table(
        ["name", "what it is", "licence", "MB", "in the cache"],
        [
            (model.name, model.summary, model.licence, f"{model.num_bytes / 1e6:.0f}", path if path.is_file() else None)
            for model, path in rows
        ],
    )


@command.command("generate")
@click.argument("prompts_file", metavar="PROMPTS", type=click.Path(path_type=Path))
@target_option
@click.option("--out", "log", type=click.Path(path_type=Path), required=True, help="The log to write or go on with.")
@click.option("--concurrency", type=click.IntRange(1, 256), default=4, show_default=True, help="Requests at once.")
@json_option
@click.pass_obj
def generate_command(
    folder: Path, prompts_file: Path, target_file: Path, log: Path, concurrency: int, as_json: bool
) -> None:
    """Ask a target every prompt of PROMPTS and log the answers; run it again to go on."""
    prompts = read_prompts(prompts_file)
    target = load_target(read_document(target_file))
    with progress(f"Asking {target.name}", len(prompts)) as advance:
        pace = Pace(concurrency=concurrency, advance=advance)
        report = asyncio.run(generate(target, prompts, log, _resources(folder), pace))
    if as_json:
        print_json({**vars(report), "log": str(log)})
        return
    note(
        f"{report.num_answered} answered, {report.num_skipped} were there, {report.num_model_failures} refused, "
        f"{report.num_infra_failures} failed: {log}"
    )
    if report.num_infra_failures:
        note("run the same command again to ask the failed ones again")


@command.command("ask")
@click.argument("text")
@target_option
@json_option
@click.pass_obj
def ask_command(folder: Path, text: str, target_file: Path, as_json: bool) -> None:
    """Ask a target one TEXT and print its answer."""
    target = load_target(read_document(target_file))
    completion = asyncio.run(_ask(target, text, _resources(folder)))
    if as_json:
        print_json(completion)
    else:
        click.echo(completion.text)


async def _ask(target: Target, text: str, resources: Resources) -> Completion:
    async with connect(target, resources) as model:
        return await model.complete(request_for(target, [Message(role="user", content=text)]))


def _resources(folder: Path) -> Resources:
    return Resources(
        secret=settings.secret,
        cache_folder=settings.cache_folder(),
        threads=settings.num_threads(),
        folder=folder,
    )
