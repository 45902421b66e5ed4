"""The `preceptor` program: find the command, run it, turn what happens into an exit code."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from preceptor.core.errors import PreceptorError

COMMANDS = Path(__file__).parent / "commands"
EXIT_CRASH = 70
EXIT_INTERRUPTED = 130


class CommandFolder(click.Group):
    """The files of `cli/commands`: a file is a command, its first line the help; none is imported to list them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command's name, sorted."""
        return sorted(path.stem.replace("_", "-") for path in COMMANDS.glob("[!_]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None for an unknown name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"preceptor.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list under `--help`, read from the first line of each file."""
        rows = [(name, _first_line(COMMANDS / f"{name.replace('-', '_')}.py")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows or [("none", "")])


@click.group(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="preceptor")
@click.option(
    "--workspace",
    "-w",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The workspace's folder; the current one by default.",
)
@click.pass_context
def program(context: click.Context, folder: Path) -> None:
    """From production traces to a release verdict.

    Exit codes: 0 yes, 1 a gate or check said no, 2 bad input, 3 not found, 4 conflict,
    5 not allowed, 6 a provider or the disk failed, 10 inconclusive, 70 a fault of ours.
    """
    context.obj = folder


def main() -> NoReturn:
    """Run the program and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:  # noqa: PLR0911 - one return for each way to end
    """The exit code of a command line; what went wrong stands on standard error."""
    try:
        outcome = program.main(args=arguments, prog_name="preceptor", standalone_mode=False)
    except PreceptorError as error:
        click.echo(f"preceptor: {error}", err=True)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("preceptor: stopped; what was finished is kept, run the same command to go on", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`| head`): that is its right. Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("PRECEPTOR_TRACEBACK"):
            raise
        click.echo(
            f"preceptor: this is a fault in preceptor: {type(error).__name__}: {error}\n"
            "run again with PRECEPTOR_TRACEBACK=1 and report what it prints",
            err=True,
        )
        return EXIT_CRASH
    return outcome if isinstance(outcome, int) else 0


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.splitlines()[0] if docstring else ""


if __name__ == "__main__":
    main()
