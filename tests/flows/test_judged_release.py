"""From a judge's scores to a release: the judge is calibrated, the verdict signed, the candidate released."""

from __future__ import annotations

import asyncio
import hashlib
import json
import queue
import threading
from pathlib import Path

import pytest
from aiohttp import web

from preceptor.cli.main import run
from preceptor.workspace import Workspace

NUM_CASES = 120
SUITE = """
name: help
primary: helpful
cases: help.jsonl
graders:
  helpful:
    kind: llm_judge
    instructions: Does the answer help?
    minimum: 0
    maximum: 1
    provider: {{kind: openai, model: judge, base_url: "{address}", api_key_variable: null}}
"""
TARGET = """
name: {name}
provider: {{kind: openai, model: {name}, base_url: "{address}", api_key_variable: null}}
system: Be kind.
"""
POLICY = """
name: judged
criteria:
  - {kind: non_inferiority, margin: 0.4, name: helpful}
sign_offs: {engineering: [ada], product: [bob]}
"""


def draw(text: str) -> float:
    """A number from 0 up to 1 that only the text decides."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def said(model: str, user: str) -> str:
    """The old model helps in 60 % of the cases, the new one in 90 %; the judge is wrong in 5 %."""
    if model == "judge":
        helps = "This helps" in user
        score = helps if draw(user) < 0.95 else not helps
        return json.dumps({"reason": "seen", "score": int(score)})
    helps = draw(f"{model} {user}") < {"old": 0.6, "new": 0.9}[model]
    return f"This helps with {user}" if helps else f"No idea about {user}"


@pytest.fixture(scope="module")
def address():
    """A server of the OpenAI kind that is a target and a judge."""

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        text = said(body["model"], body["messages"][-1]["content"])
        usage = {"prompt_tokens": 10, "completion_tokens": 5}
        return web.json_response({"choices": [{"message": {"role": "assistant", "content": text}}], "usage": usage})

    loop, started = asyncio.new_event_loop(), queue.Queue()

    async def serve() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stop = asyncio.Event()
        started.put((runner.addresses[0][1], stop))
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    port, stop = started.get(timeout=10)
    yield f"http://127.0.0.1:{port}/v1"
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory, address):
    folder = tmp_path_factory.mktemp("judged") / "desk"
    Workspace.init(folder).close()
    (folder / "suites" / "help.yaml").write_text(SUITE.format(address=address))
    rows = [{"id": f"c{number:03}", "input": f"question {number}"} for number in range(NUM_CASES)]
    (folder / "suites" / "help.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    for name in ("old", "new"):
        (folder / "targets" / f"{name}.yaml").write_text(TARGET.format(name=name, address=address))
    (folder / "gates" / "judged.yaml").write_text(POLICY)
    return folder


def call(folder: Path, capsys, *arguments: str, code: int = 0) -> object:
    """The JSON that a command prints."""
    capsys.readouterr()
    assert run(["-w", str(folder), *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_judge_decides_only_when_people_have_checked_it(desk, capsys, monkeypatch, tmp_path):
    old, new = (call(desk, capsys, "eval", "run", "help", "--target", name)["run"]["id"] for name in ("old", "new"))
    gate = ["gate", "--baseline", old, "--candidate", new, "--policy", "judged"]

    before = call(desk, capsys, *gate, code=10)
    assert "no calibration record for this judge" in before["criteria"][0]["reason"]

    for run_id in (old, new):
        sheet = tmp_path / f"{run_id}.jsonl"
        call(desk, capsys, "judge", "sample", run_id, "--metric", "helpful", "--count", "120", "--out", str(sheet))
        rows = [json.loads(line) for line in sheet.read_text().splitlines()]
        assert all("score" not in row for row in rows)
        # Two in three are labelled; the rest of the sheet is left blank.
        labelled = [
            {**row, "label": "This helps" in row["output"] if index % 3 else None} for index, row in enumerate(rows)
        ]
        sheet.write_text("".join(f"{json.dumps(row)}\n" for row in labelled))
        assert call(desk, capsys, "judge", "label", run_id, str(sheet), "--metric", "helpful")["new"] == 80
    record = call(desk, capsys, "judge", "calibrate", new, "--metric", "helpful")
    assert record["num_labels"] == 80
    assert {probe["name"] for probe in record["probes"]} >= {"position", "length"}

    verdict = call(desk, capsys, *gate)
    (helpful,) = verdict["criteria"]
    assert (verdict["verdict"], helpful["method"]) == ("pass", "ppi++")
    asked = [f"question {number}" for number in range(NUM_CASES)]
    truth = sum(draw(f"new {text}") < 0.9 for text in asked) - sum(draw(f"old {text}") < 0.6 for text in asked)
    assert helpful["interval"][0] < truth / NUM_CASES < helpful["interval"][1]

    assert verdict["sign_offs"] == ["engineering", "product"]
    assert run(["-w", str(desk), "release", verdict["id"]]) == 4
    assert "not approved yet by: engineering, product" in capsys.readouterr().err
    monkeypatch.setenv("PRECEPTOR_ACTOR", "mallory")
    assert run(["-w", str(desk), "sign", verdict["id"], "--role", "product"]) == 5
    for actor, role in (("ada", "engineering"), ("bob", "product")):
        monkeypatch.setenv("PRECEPTOR_ACTOR", actor)
        call(desk, capsys, "sign", verdict["id"], "--role", role)
    assert call(desk, capsys, "release", verdict["id"])["by"] == "bob"
    call(desk, capsys, "report", verdict["id"])
    report = (desk / "reports" / verdict["id"] / "readiness.md").read_text()
    assert "ada" in report
    assert call(desk, capsys, "audit", "verify")["problems"] == []


def test_a_policy_that_is_changed_after_the_run_is_shown(desk, capsys):
    old, new = (call(desk, capsys, "eval", "run", "help", "--target", name)["run"]["id"] for name in ("old", "new"))
    path = desk / "gates" / "judged.yaml"
    path.write_text(POLICY.replace("0.4", "0.5"))
    verdict = call(desk, capsys, "gate", "--baseline", old, "--candidate", new, "--policy", "judged")
    path.write_text(POLICY)
    assert any("was changed after the candidate run began" in note for note in verdict["notes"])


def test_a_waiver_lets_a_criterion_by_and_is_named(desk, capsys, monkeypatch):
    old, new = (call(desk, capsys, "eval", "run", "help", "--target", name)["run"]["id"] for name in ("old", "new"))
    (desk / "gates" / "strict.yaml").write_text(
        "name: strict\ncriteria:\n  - {kind: coverage, minimum: 1.0}\n  - {kind: threshold, minimum: 0.99, name: helpful}\n"
    )
    gate = ["gate", "--baseline", new, "--candidate", old, "--policy", "strict"]
    assert call(desk, capsys, *gate, code=1)["verdict"] == "fail"
    monkeypatch.setenv("PRECEPTOR_ACTOR", "ada")
    arguments = ["--criterion", "helpful", "--role", "product", "--reason", "known, fixed next week"]
    assert run(["-w", str(desk), "waiver", "give", "strict", *arguments, "--until", "2020-01-01"]) == 2
    assert run(["-w", str(desk), "waiver", "give", "strict", *arguments, "--until", "2999-01-01"]) == 2
    with Workspace.open(desk) as workspace:
        today = workspace.clock().date().isoformat()
    waiver = call(desk, capsys, "waiver", "give", "strict", *arguments, "--until", today)
    verdict = call(desk, capsys, *gate)
    assert (verdict["verdict"], verdict["criteria"][1]["verdict"]) == ("pass", "fail")
    assert [one["id"] for one in verdict["waivers"]] == [waiver["id"]]
    call(desk, capsys, "waiver", "withdraw", waiver["id"])
    assert call(desk, capsys, *gate, code=1)["verdict"] == "fail"


def test_a_finished_run_is_not_asked_again_and_a_budget_needs_prices(desk, capsys):
    first = call(desk, capsys, "eval", "run", "help", "--target", "old")
    assert (first["asked"], first["finished"]) == (0, True)
    again = call(desk, capsys, "eval", "run", "help", "--target", "old", "--again")
    assert again["spending"]["target"]["num_cached"] == NUM_CASES
    assert run(["-w", str(desk), "eval", "run", "help", "--target", "old", "--again", "--budget", "1"]) == 2
    assert "input_price" in capsys.readouterr().err
