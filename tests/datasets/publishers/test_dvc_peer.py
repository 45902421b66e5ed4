"""The real DVC finds a published version in order, and would write the same pointer itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from preceptor.datasets.publish import publish
from preceptor.datasets.publisher import publishers

ROOT = Path(__file__).parents[3]
IN_ORDER = "Data and pipelines are up to date."
pytestmark = pytest.mark.peer_library


@pytest.fixture
def dvc(tmp_path):
    """DVC's answer to a command in a new project."""
    home = ROOT / ".venv-peers" / "dvc"
    if not (home / "ready").exists():
        pytest.skip("no environment with dvc; make it with: tools/peers/install dvc")
    project = tmp_path / "project"
    project.mkdir()

    def run(*arguments):
        done = subprocess.run(
            [str(home / "bin" / "dvc"), *arguments], cwd=project, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()

    run("init", "--no-scm", "--quiet")
    return run


def test_dvc_status_accepts_the_version_and_can_restore_it(dvc, version, next_version, tmp_path):
    target = tmp_path / "project" / "data" / "support"
    for published in (version, next_version):
        publish(published, publishers.create("dvc"), str(target))
        assert dvc("status") == IN_ORDER
    shutil.rmtree(target)
    assert "deleted" in dvc("status")
    dvc("checkout", "--quiet")
    assert dvc("status") == IN_ORDER
    assert next_version.id in (target / "manifest.json").read_text("utf-8")


def test_dvc_add_would_write_the_same_pointer(dvc, version, tmp_path):
    target = tmp_path / "project" / "data" / "support"
    publish(version, publishers.create("dvc"), str(target))
    before = (target.parent / "support.dvc").read_text("utf-8")
    dvc("add", "data/support", "--quiet")
    assert (target.parent / "support.dvc").read_text("utf-8") == before
