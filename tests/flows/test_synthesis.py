"""From production failures to synthetic records in a file that the readers of training data accept."""

from __future__ import annotations

import asyncio
import json
import queue
import threading

import pytest
from aiohttp import web

from preceptor.cli.main import run
from preceptor.core.rows import BadRow
from preceptor.datasets.read_records import read_records
from preceptor.workspace import Workspace

PLAN = """
name: short-answers
generator: {{kind: openai, model: writer, base_url: "{address}", api_key_variable: null}}
instructions: Write a support request and the answer that we want.
licence: CC0-1.0
personas: [a student, a shop owner]
intents: [truncated, refund]
per_cell: 2
seeds: {{categories: [truncated], per_category: 5}}
judge:
  grader:
    kind: llm_judge
    instructions: Is the answer helpful?
    minimum: 0
    maximum: 1
    provider: {{kind: openai, model: judge, base_url: "{address}", api_key_variable: null}}
  min_score: 0.5
  allow_uncalibrated: {allow}
"""


class Server:
    """A model of the OpenAI kind on this machine, in a thread; it counts what it is asked."""

    def __init__(self) -> None:
        self.num_asked = 0
        self.loop, self.started = asyncio.new_event_loop(), queue.Queue()
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=(self.serve(),), daemon=True)
        self.thread.start()
        port, self.stop = self.started.get(timeout=10)
        self.address = f"http://127.0.0.1:{port}/v1"

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.num_asked += 1
        number = self.num_asked
        said = (
            json.dumps({"reason": "seen", "score": 1})
            if body["model"] == "judge"
            else json.dumps({"prompt": f"q{number}a q{number}b q{number}c q{number}d", "answer": f"Yes {number}."})
        )
        return web.json_response(
            {"choices": [{"message": {"role": "assistant", "content": said}}], "model": body["model"]}
        )

    async def serve(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stop = asyncio.Event()
        self.started.put((runner.addresses[0][1], stop))
        await stop.wait()
        await runner.cleanup()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(10)
        self.loop.close()


@pytest.fixture
def server():
    opened = Server()
    yield opened
    opened.close()


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "desk"
    Workspace.init(folder).close()
    assert run(["-w", str(folder), "traces", "import", str(folder / "recordings" / "baseline.jsonl")]) == 0
    assert run(["-w", str(folder), "triage"]) == 0
    (folder / "synthesis").mkdir()
    return folder


def synthesise(desk, server, capsys, *, allow: str = "true", code: int = 0):
    (desk / "synthesis" / "short-answers.yaml").write_text(PLAN.format(address=server.address, allow=allow))
    capsys.readouterr()
    out = desk / "made.jsonl"
    assert run(["-w", str(desk), "synthesise", "short-answers", "--out", str(out), "--json"]) == code
    said = capsys.readouterr()
    return json.loads(said.out) if code == 0 else said.err


def test_failures_of_production_become_marked_records_that_are_paid_for_once(desk, server, capsys):
    report = synthesise(desk, server, capsys)
    assert (report["num_wanted"], report["num_taken"], report["rejected"]) == (8, 8, {})
    assert report["covered"]["persona"] == {"a student": 4, "a shop owner": 4}

    records = list(read_records(desk / "made.jsonl"))
    assert not [one for one in records if isinstance(one, BadRow)]
    with Workspace.open(desk) as workspace:
        for record in records:
            assert (record.generator, record.licence) == ("writer", "CC0-1.0")
            (seed,) = record.source_ids
            assert workspace.traces.get(seed)

    first, num_asked = (desk / "made.jsonl").read_bytes(), server.num_asked
    synthesise(desk, server, capsys)
    assert server.num_asked == num_asked
    assert (desk / "made.jsonl").read_bytes() == first


def test_a_judge_that_nobody_checked_is_refused(desk, server, capsys):
    said = synthesise(desk, server, capsys, allow="false", code=2)
    assert "never compared with people" in said
    assert server.num_asked == 0
    assert not (desk / "made.jsonl").exists()
