"""Every block of the guide runs, and prints what the page says it prints."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted((ROOT / "docs" / "guide").glob("*.md"))
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
NEEDS_MODEL = "<!-- needs the local model -->"

# `console` blocks hold commands after "$ " and what they print; `bash` and `python` blocks just run.
# Other blocks (yaml, json, text) are shown only. One page is one folder, from top to bottom.


def _environment(folder: Path) -> dict[str, str]:
    bin_folder = str(Path(sys.executable).parent)
    # COVERAGE_PROCESS_START is left out: what is tested here is what a reader would see. A reader's Python keeps
    # its bytecode too; without that each command compiles what pyarrow imports anew, which takes two seconds.
    left_out = ("COV", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "PATH": f"{bin_folder}:{kept['PATH']}", "HOME": kept.get("HOME", str(folder)), "COLUMNS": "100"}


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, env=_environment(folder), capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode not in {0, 1, 10}:
        pytest.fail(f"{command[-1]}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def _check_console(block: str, folder: Path) -> None:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        printed = _run(["bash", "-c", command], folder)
        # Without a word after the command the page does not say what is printed.
        if expected.strip() and not doctest.OutputChecker().check_output(expected.strip(), printed.strip(), FLAGS):
            pytest.fail(f"$ {command}\nthe page says:\n{expected}\nit printed:\n{printed}")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.stem, marks=[pytest.mark.local_model] * (NEEDS_MODEL in page.read_text("utf-8")))
        for page in PAGES
    ],
)
def test_the_page_does_what_it_says(page, tmp_path):
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "console":
            _check_console(block, tmp_path)
        elif language == "bash":
            _run(["bash", "-euo", "pipefail", "-c", block], tmp_path)
        elif language == "python":
            _run([sys.executable, "-c", block], tmp_path)
