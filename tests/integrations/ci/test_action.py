"""The composite action and the GitLab job do in a shell what they say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
ACTION = yaml.safe_load((ROOT / "integrations/ci/github/action.yml").read_text(encoding="utf-8"))
JOB = yaml.safe_load((ROOT / "integrations/ci/gitlab/preceptor-gate.yml").read_text(encoding="utf-8"))[
    ".preceptor-gate"
]
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
POLICY = "criteria: [{kind: non_inferiority, margin: 0.1}]\n"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the action's steps are written for bash")


def _scores(path: Path, num_cases: int, share: float) -> None:
    rows = [{"id": f"case-{case}", "score": float(case < share * num_cases)} for case in range(num_cases)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _bash(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The script as a runner starts it, with our own command on the path."""
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    known = {"PATH": path, "HOME": str(folder), "RUNNER_TEMP": str(folder), "GITHUB_REPOSITORY": "team/assistant"}
    known |= {name: str(folder / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=known | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _outputs(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / "github_output").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("num_cases", "share", "verdict", "code"),
    [(400, 0.9, "pass", "0"), (400, 0.5, "fail", "1"), (10, 0.9, "inconclusive", "10")],
)
def test_the_gate_decides_and_writes_everything(tmp_path, num_cases, share, verdict, code):
    """400 equal answers rule a loss of ten points out, 160 lost of 360 show one, 10 answers settle nothing."""
    _scores(tmp_path / "before.jsonl", num_cases, 0.9)
    _scores(tmp_path / "after.jsonl", num_cases, share)
    (tmp_path / "gate.yaml").write_text(POLICY, encoding="utf-8")
    names = {"BASELINE": "before.jsonl", "CANDIDATE": "after.jsonl", "POLICY": "gate.yaml", "JUNIT": ""}
    done = _bash(STEPS["Decide"]["run"], tmp_path, **names)
    assert done.returncode == 0, done.stderr
    found = _outputs(tmp_path)
    assert (found["verdict"], found["exit-code"]) == (verdict, code)
    word = {"pass": "GO", "fail": "NO-GO", "inconclusive": "INCONCLUSIVE"}[verdict]
    assert f" {word}" in Path(found["markdown"]).read_text(encoding="utf-8").splitlines()[0]
    assert f" {word}" in (tmp_path / "github_step_summary").read_text(encoding="utf-8")
    assert "<testsuites " in Path(found["junit"]).read_text(encoding="utf-8")
    assert f"title={word}" in done.stdout


def test_an_input_cannot_run_a_command(tmp_path):
    (tmp_path / "gate.yaml").write_text(POLICY, encoding="utf-8")
    names = {
        "BASELINE": "$(touch owned)",
        "CANDIDATE": "`touch owned`; touch owned",
        "POLICY": "gate.yaml",
        "JUNIT": "",
    }
    done = _bash(STEPS["Decide"]["run"], tmp_path, **names)
    assert done.returncode == 0
    assert _outputs(tmp_path)["verdict"] == ""
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("code", "inconclusive", "exit_code"),
    [("0", "fail", 0), ("1", "pass", 1), ("10", "fail", 10), ("10", "pass", 0), ("2", "pass", 2), ("", "pass", 2)],
)
def test_the_job_fails_as_the_verdict_says(tmp_path, code, inconclusive, exit_code):
    assert _bash(STEPS["Verdict"]["run"], tmp_path, CODE=code, INCONCLUSIVE=inconclusive).returncode == exit_code


@pytest.mark.parametrize(
    ("found", "sent"),
    [
        ("", "--method POST repos/team/assistant/issues/7/comments"),
        ("41\n42", "--method PATCH repos/team/assistant/issues/comments/41"),
    ],
    ids=["first time", "again"],
)
def test_one_comment_is_written_and_then_kept_up_to_date(tmp_path, found, sent):
    done = _comment(tmp_path, f'echo "$@" >> calls; case "$*" in *--paginate*) printf %s "{found}" ;; esac')
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert sent in calls[1]
    assert f"body=@{tmp_path}/preceptor-comment.md" in calls[1]
    assert (tmp_path / "preceptor-comment.md").read_text(encoding="utf-8") == "<!-- preceptor gate a_b__-- -->\n## GO\n"


def test_a_token_that_may_not_write_does_not_fail_the_job(tmp_path):
    for stub in ("exit 1", 'case "$*" in *--paginate*) ;; *) exit 1 ;; esac'):
        done = _comment(tmp_path, stub)
        assert done.returncode == 0
        assert "::warning" in done.stdout


def _comment(folder: Path, stub: str) -> subprocess.CompletedProcess[str]:
    """The comment step with a `gh` that only notes what it was asked."""
    (folder / "bin").mkdir(exist_ok=True)
    gh = folder / "bin" / "gh"
    gh.write_text(f"#!/usr/bin/env bash\n{stub}\n", encoding="utf-8")
    gh.chmod(0o755)
    markdown = folder / "gate.md"
    markdown.write_text("## GO\n", encoding="utf-8")
    given = {"MARKDOWN": str(markdown), "KEY": "a b/>--", "AUTHOR": "bot", "NUMBER": "7", "GH_TOKEN": "x"}
    return _bash(STEPS["Comment on the pull request"]["run"], folder, **given)


def test_inputs_reach_the_shell_only_through_the_environment():
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_every_input_and_output_says_what_it_is():
    for part in (*ACTION["inputs"].values(), *ACTION["outputs"].values()):
        assert len(part["description"]) > 10


def test_the_gitlab_job_writes_the_report_that_it_declares(tmp_path):
    _scores(tmp_path / "before.jsonl", 10, 0.9)
    _scores(tmp_path / "after.jsonl", 10, 0.9)
    (tmp_path / "gate.yaml").write_text(POLICY, encoding="utf-8")
    names = {
        "PRECEPTOR_BASELINE": "before.jsonl",
        "PRECEPTOR_CANDIDATE": "after.jsonl",
        "PRECEPTOR_POLICY": "gate.yaml",
    }
    script = "\n".join(JOB["script"])
    done = _bash(script, tmp_path, CI_PROJECT_DIR=str(tmp_path), PRECEPTOR_WORKSPACE=".", **names)
    assert done.returncode == 10, done.stderr
    assert "<testsuites " in (tmp_path / JOB["artifacts"]["reports"]["junit"]).read_text(encoding="utf-8")
    assert JOB["allow_failure"]["exit_codes"] == [10]
