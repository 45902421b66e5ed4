"""The program starts fast, lists its commands without importing them, and never crashes with a verdict's code."""

from __future__ import annotations

import subprocess
import sys
import types

import pytest

from preceptor.cli import main
from preceptor.cli.main import run


def test_help_lists_every_command_with_its_first_line(capsys):
    assert run(["--help"]) == 0
    printed = capsys.readouterr().out
    for name in ("agreement", "check", "compare", "demo", "gate", "resolve", "traces"):
        assert f"  {name} " in printed


def test_no_arguments_show_the_help(capsys):
    assert run([]) == 0
    assert "Usage: preceptor" in capsys.readouterr().err


def test_a_wrong_option_ends_with_2(capsys):
    assert run(["compare", "--nonsense"]) == 2
    assert "No such option" in capsys.readouterr().err


def test_an_unknown_command_ends_with_2(capsys):
    assert run(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


def _raising(error: BaseException) -> object:
    def crash(**_: object) -> None:
        raise error

    return types.SimpleNamespace(main=crash)


def test_a_crash_is_not_the_gates_no(monkeypatch, capsys):
    monkeypatch.setattr(main, "program", _raising(RuntimeError("boom")))
    assert run([]) == 70
    assert "this is a fault in preceptor: RuntimeError: boom" in capsys.readouterr().err
    monkeypatch.setenv("PRECEPTOR_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        run([])


def test_an_interrupt_says_that_work_is_kept(monkeypatch, capsys):
    monkeypatch.setattr(main, "program", _raising(KeyboardInterrupt()))
    assert run([]) == 130
    assert "run the same command to go on" in capsys.readouterr().err


def test_a_reader_that_left_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m preceptor.cli.main --help | head -1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_importing_the_package_loads_nothing_heavy():
    code = "import preceptor, sys; print([m for m in ('numpy', 'scipy', 'sqlalchemy', 'pyarrow') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_help_imports_no_command():
    code = (
        "import sys\nfrom preceptor.cli.main import run\nrun(['--help'])\n"
        "print([m for m in sys.modules if m.startswith('preceptor.cli.commands.')])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip().endswith("[]")
