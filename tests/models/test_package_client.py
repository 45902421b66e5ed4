"""The package client is played by a small program, so that no test needs a network."""

import os
import stat
import sys
from pathlib import Path

import pytest

from preceptor.core.errors import ProviderError
from preceptor.models import package_client
from preceptor.models.package_client import download_wheel

FAKE_PIP = """#!{python}
import pathlib, sys
if "--version" in sys.argv:
    sys.exit(0)
folder = pathlib.Path(sys.argv[sys.argv.index("--dest") + 1])
{behaviour}
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose only pip is ours: this environment's own is hidden."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(package_client.sys, "executable", str(tmp_path / "no-python"))

    def install(behaviour: str) -> None:
        program = folder / "pip"
        program.write_text(FAKE_PIP.format(python=os.path.realpath(sys.orig_argv[0]), behaviour=behaviour))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return install


def test_the_machines_pip_is_used_when_this_environment_has_none(machine, tmp_path):
    machine('(folder / "a-1.0-py3-none-any.whl").write_text(" ".join(sys.argv[1:]))')
    wheel = download_wheel("a", "1.0", tmp_path)
    asked = wheel.read_text()
    assert asked.endswith("a==1.0")
    assert "--no-deps" in asked
    assert "--only-binary=:all:" in asked


def test_a_failing_client_is_quoted_with_its_last_error(machine, tmp_path):
    machine('sys.exit("noise\\nERROR: No matching distribution found for a==1.0\\nnotice: a new pip")')
    with pytest.raises(ProviderError, match=r"\(ERROR: No matching distribution found for a==1.0\)"):
        download_wheel("a", "1.0", tmp_path)


def test_a_client_that_brings_nothing_is_an_error(machine, tmp_path):
    machine("")
    with pytest.raises(ProviderError, match="could not fetch a==1.0"):
        download_wheel("a", "1.0", tmp_path)


def test_a_machine_without_any_pip_says_what_to_install(machine, tmp_path):
    with pytest.raises(ProviderError, match="install pip"):
        download_wheel("a", "1.0", tmp_path)


def test_a_temporary_environment_gives_pip_where_there_is_none(tmp_path, monkeypatch):
    """As in an environment made by uv on a machine without pip on its path."""
    monkeypatch.setattr(package_client, "_known_pips", lambda: iter(()))
    command = package_client._find_pip(tmp_path)
    assert Path(command[0]).is_relative_to(tmp_path)
    assert command[1:] == ["-m", "pip"]
