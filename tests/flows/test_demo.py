"""The whole loop on the real model: killed in the middle, it goes on and ends with a verdict that can be traced."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from preceptor.workspace import Workspace

PRECEPTOR = [sys.executable, "-c", "from preceptor.cli.main import main; main()"]
PROMPTS, CASES = 27, 6


def _cut(path: Path, key: str, count: int) -> None:
    """Keep `count` rows, taking the values of a field in turns, so that each is there."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    groups: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        value = row[key] if key in row else row["slices"]["intent"]
        groups.setdefault(str(value), []).append(row)
    in_turns = [row for turn in itertools.zip_longest(*groups.values()) for row in turn if row]
    path.write_text("".join(json.dumps(row) + "\n" for row in in_turns[:count]))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A small loop that was killed while the model answered, then run to its end; its folder and verdict."""
    folder = tmp_path_factory.mktemp("loop") / "desk"
    Workspace.init(folder).close()
    _cut(folder / "prompts" / "production.jsonl", "intent", PROMPTS)
    _cut(folder / "suites" / "support.jsonl", "intent", CASES)
    log = folder / "logs" / "production.jsonl"
    first = subprocess.Popen([*PRECEPTOR, "demo", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (log.is_file() and log.read_text().count("\n") >= 3):
        time.sleep(0.1)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert 3 <= log.read_text().count("\n") < PROMPTS
    done = subprocess.run([*PRECEPTOR, "demo", str(folder), "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout), done.stderr


@pytest.mark.local_model
def test_the_verdict_rests_on_every_criterion(demo):
    _, verdict, _ = demo
    assert verdict["verdict"] in {"pass", "fail", "inconclusive"}
    assert [one["kind"] for one in verdict["criteria"]] == [
        "coverage",
        "superiority",
        "threshold",
        "non_inferiority",
        "non_inferiority",
        "threshold",
    ]
    assert verdict["criteria"][0]["value"] == 1.0


@pytest.mark.local_model
def test_killed_and_resumed_each_prompt_is_answered_once(demo):
    folder, _, _ = demo
    items = [
        json.loads(line)["metadata"]["item"] for line in (folder / "logs" / "production.jsonl").read_text().splitlines()
    ]
    assert len(items) == len(set(items)) == PROMPTS


@pytest.mark.local_model
def test_the_verdict_leads_back_to_traces_and_a_trace_on_to_the_verdict(demo):
    folder, verdict, _ = demo
    with Workspace.open(folder) as workspace:
        back = workspace.lineage(verdict["id"])
        assert set(back.counts) == {"dataset", "file", "label", "run", "task", "trace"}
        trace = next(link.source for link in back.links if link.source.startswith("trace_"))
        forward = workspace.lineage(trace, forward=True)
        assert forward.counts["verdict"] == 1
        assert workspace.verify_audit().problems == ()


@pytest.mark.local_model
def test_personal_data_never_reaches_the_disk_of_the_workspace(demo):
    folder, _, _ = demo
    with Workspace.open(folder) as workspace:
        texts = [trace.request for trace in workspace.traces.list_page().items]
    written = [
        json.loads(line)["prompt"] for line in (folder / "prompts" / "production.jsonl").read_text().splitlines()
    ]
    assert set(written) - set(texts), "some prompt holds personal data, so its trace must differ"
    assert not any("@" in text and ".example" in text for text in texts)


@pytest.mark.local_model
def test_a_second_demo_repeats_nothing_and_gives_the_same_verdict(demo):
    folder, verdict, _ = demo
    done = subprocess.run([*PRECEPTOR, "demo", str(folder), "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == verdict
    assert f"0 answers generated now, {PROMPTS} were in production.jsonl already" in done.stderr


@pytest.mark.local_model
def test_the_report_stands_alone_and_escapes_what_the_model_said(demo):
    folder, verdict, _ = demo
    html = (folder / "reports" / verdict["id"] / "readiness.html").read_text()
    assert "<script" not in html
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert verdict["policy_hash"][:12] in html
    assert (folder / "reports" / verdict["id"] / "readiness.md").stat().st_size > 1000


@pytest.mark.local_model
def test_the_dataset_never_holds_a_case_of_the_suites(demo):
    folder, _, _ = demo
    held_out = {
        json.loads(line)["source_id"] for line in (folder / "suites" / "regression.jsonl").read_text().splitlines()
    }
    with Workspace.open(folder) as workspace:
        from preceptor.datasets.read_version import read_version_records

        version = workspace.datasets.get("support")
        used = {record.source_ids[0] for record in read_version_records(Path(version.folder))}
    assert held_out
    assert not held_out & used


@pytest.mark.local_model
def test_every_change_of_the_loop_is_in_the_audit_log(demo):
    folder, _, _ = demo
    from preceptor.governance.store import AuditStore

    with Workspace.open(folder) as workspace, workspace.database.read() as connection:
        actions = {entry.action for entry in AuditStore(connection).iter_all()}
    assert actions == {
        "workspace.init",
        "traces.import",
        "triage",
        "labels.create_tasks",
        "labels.import_answers",
        "labels.resolve",
        "evals.create_cases",
        "datasets.commit",
        "datasets.export",
        "evals.start",
        "evals.finish",
        "gates.decide",
        "gates.report",
    }
