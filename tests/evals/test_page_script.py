"""The page's words are compared as a reader would, whatever the length."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files

import pytest

WORDS = files("preceptor.evals").joinpath("templates", "page_words.js").read_text(encoding="utf-8")


def _evaluated(expression: str):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js here to run the page's script in")
    program = f"{WORDS}\nprocess.stdout.write(JSON.stringify({expression}))"
    done = subprocess.run([node, "-e", program], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("before", "after", "only_before", "only_after"),
    [
        ("Refunds take five days.", "Refunds take ten days.", ["five"], ["ten"]),
        ("same", "same", [], []),
        ("Größe 漢字 bleibt", "Größe 漢字 bleibt hier", [], [" hier"]),
        ("one two three four", "two three four five", ["one "], [" five"]),
    ],
)
def test_what_only_one_side_has_is_marked(before, after, only_before, only_after):
    found = _evaluated(f"wordDiff({json.dumps(before)}, {json.dumps(after)})")
    assert [part["text"] for part in found["before"] if part["only"]] == only_before
    assert [part["text"] for part in found["after"] if part["only"]] == only_after
    assert "".join(part["text"] for part in found["before"]) == before
    assert "".join(part["text"] for part in found["after"]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("alpha beta gamma", "one two three"), ("a " * 5_000, "b " * 5_000)],
    ids=["hardly alike", "too long"],
)
def test_marking_that_helps_nobody_is_left_out(before, after):
    assert _evaluated(f"wordDiff({json.dumps(before)}, {json.dumps(after)})") is None


def test_hidden_characters_are_written_out_as_in_the_report():
    """The same rule as core/shown_text.py: joiners, tabs and line ends stay."""
    text = "pay \u202eevil\x07\ud800\tx\r\ny 👨\u200d👩"
    assert _evaluated(f"visible({json.dumps(text)})") == "pay \\u202eevil\\u0007\\ud800\tx\ny 👨\u200d👩"
