"""Make the reference pages from the code: every command with its help, every plugin with its settings."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

import click

from preceptor.cli.commands.plugins import REGISTRIES
from preceptor.cli.main import program

ROOT = Path(__file__).parent.parent / "docs" / "reference"


def commands_page() -> str:
    """Each command's help, as the program prints it."""
    parts = ["# Commands\n\nMade from the code by `python tools/make_reference.py`.\n"]
    top = click.Context(program, info_name="preceptor")
    for name in program.list_commands(top):
        command = program.get_command(top, name)
        if command is not None:
            parts.extend(_help(command, click.Context(command, info_name=name, parent=top)))
    return "\n".join(parts)


def plugins_page() -> str:
    """Each plugin's docstring and settings, by kind."""
    parts = ["# Plugins\n\nMade from the code by `python tools/make_reference.py`.\n"]
    for kind, (module, attribute) in sorted(REGISTRIES.items()):
        registry = getattr(importlib.import_module(module), attribute)
        parts.append(f"## {kind.replace('_', ' ')}\n")
        for name, _, settings in registry.describe():
            rows = [f"- `{setting}`: `{hint.replace('typing.', '')}`" for setting, hint in settings.items()]
            text = inspect.getdoc(registry.get(name)) or ""
            parts.append(f"### `{name}`\n\n{_without_examples(text)}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _help(command: click.Command, context: click.Context) -> list[str]:
    if isinstance(command, click.Group):
        parts: list[str] = []
        for name, inner in sorted(command.commands.items()):
            parts.extend(_help(inner, click.Context(inner, info_name=name, parent=context)))
        return parts
    context.terminal_width = 100
    return [f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"]


def _without_examples(text: str) -> str:
    return text.partition("\n>>> ")[0].strip()


def main() -> int:
    """Write the pages; with `--check`, exit 1 when one is not what the code says."""
    pages = {"commands.md": commands_page(), "plugins.md": plugins_page()}
    if "--check" in sys.argv:
        stale = [name for name, text in pages.items() if (ROOT / name).read_text("utf-8") != text]
        print(f"stale: {', '.join(stale)}" if stale else "the reference is what the code says")
        return int(bool(stale))
    for name, text in pages.items():
        (ROOT / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
