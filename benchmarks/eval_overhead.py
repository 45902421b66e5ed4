"""What a run of a suite costs beside the model: ours and inspect-ai's on one local server with 50 ms answers.

    python benchmarks/eval_overhead.py [--inspect-python /path/to/venv/bin/python]

The server runs in a process of its own. Ours is the true path, `preceptor eval run` in a fresh
workspace: SQLite on disk with synchronous=FULL, response cache on. CPU (user and system) and
peak memory are those of the client process alone, as the kernel counted them when it ended. `CPU ms`
is a sample's, with what one run of a single sample takes (start-up) taken off; `all ms` has
start-up in it. `run` is the time from the server's first request to its last answer.
The peer needs `pip install inspect-ai openai` in an interpreter of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from preceptor.workspace import Workspace

ANSWER_SECONDS = 0.05
TARGET_CPU_MS = 0.5
TARGET_RATIO = 30
TARGET_SHARE = 0.9
TARGET_MEMORY_MB = 120
TARGET_CACHED_SECONDS = 10
ANSWER = json.dumps(
    {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 1, "total_tokens": 21},
    }
).encode()
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)

SUITE = """\
name: speed
primary: said
graders:
  said: {kind: contains, values: ["yes"]}
cases: speed.jsonl
"""
INSPECT_TASK = """\
import sys
from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig
from inspect_ai.scorer import includes
from inspect_ai.solver import generate, system_message

num_samples, connections, logs = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
samples = [Sample(input=f"Question number {n}: say yes.", target="yes") for n in range(num_samples)]
task = Task(dataset=MemoryDataset(samples), solver=[system_message("Be brief."), generate()], scorer=includes())
(log,) = eval(
    task,
    model="openai/m",
    model_args={"responses_api": False},
    max_connections=connections,
    max_samples=connections,
    max_tasks=1,
    log_dir=logs,
    display="none",
    temperature=0.0,
    max_tokens=16,
)
assert log.status == "success", log.error and log.error.message
"""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one client process took; `run_seconds` as the server saw it, None when it was asked nothing."""

    name: str
    num_samples: int
    wall_seconds: float
    run_seconds: float | None
    cpu_seconds: float
    memory_mb: float
    start_seconds: float = 0.0

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a sample, without start-up."""
        return (self.cpu_seconds - self.start_seconds) / max(1, self.num_samples - 1) * 1000

    @property
    def all_ms(self) -> float:
        """CPU milliseconds a sample, start-up included."""
        return self.cpu_seconds / self.num_samples * 1000


class Answering(asyncio.Protocol):
    """Answers every POST after the fixed time; knows just enough HTTP for that."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Plan an answer for each whole request."""
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.received[:end]).lower()
            place = head.find(b"content-length:")
            length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self.received) < end + 4 + length:
                return
            del self.received[: end + 4 + length]
            self.seen.begin()
            asyncio.get_running_loop().call_later(ANSWER_SECONDS, self.answer)

    def answer(self) -> None:
        """Say yes."""
        self.seen.end()
        if isinstance(self.transport, asyncio.Transport) and not self.transport.is_closing():
            self.transport.write(RESPONSE)


@dataclass
class Seen:
    """What came in since it was last asked for."""

    first: float = 0.0
    last: float = 0.0
    count: int = 0

    def begin(self) -> None:
        """Note a request."""
        if not self.count:
            self.first = time.monotonic()
        self.count += 1

    def end(self) -> None:
        """Note an answer."""
        self.last = time.monotonic()


def serve(pipe: Connection) -> None:
    """Serve until told to stop; sends the port, then what was seen whenever asked."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        seen = Seen()
        server = await loop.create_server(lambda: Answering(seen), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        while await loop.run_in_executor(None, pipe.recv) == "seen":
            pipe.send((seen.count, seen.last - seen.first))
            seen.first, seen.last, seen.count = 0.0, 0.0, 0

    asyncio.run(run())


@dataclass
class Server:
    """The server in its own process."""

    port: int
    pipe: Connection = field(repr=False)

    def seen(self) -> tuple[int, float]:
        """How many requests came since the last call, and seconds from the first to the last answer."""
        self.pipe.send("seen")
        count, seconds = self.pipe.recv()
        return count, seconds


@contextmanager
def server() -> Iterator[Server]:
    """A server that answers while the block lasts."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Server(ours.recv(), ours)
    finally:
        ours.send("stop")
        process.join()


def measured(name: str, num_samples: int, command: list[str], host: Server, environment: dict[str, str]) -> Measured:
    """Run a client to its end; its CPU and memory are read from the kernel."""
    host.seen()
    start = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} ended with code {process.returncode}")
    count, seconds = host.seen()
    return Measured(
        name=name,
        num_samples=num_samples,
        wall_seconds=wall,
        run_seconds=seconds if count else None,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        memory_mb=usage.ru_maxrss / 1024,
    )


def after_start(whole: Measured, single: Measured) -> Measured:
    """The same with the CPU that a run of one sample takes noted as start-up."""
    return dataclasses.replace(whole, start_seconds=single.cpu_seconds)


def ours(folder: Path, num_samples: int, connections: int, host: Server) -> list[Measured]:
    """A run on the server, then a second one on what the first left in the response cache."""
    Workspace.init(folder).close()
    rows = [{"id": f"c{n}", "input": f"Question number {n}: say yes.", "target": "yes"} for n in range(num_samples)]
    (folder / "suites" / "speed.yaml").write_text(SUITE)
    (folder / "suites" / "speed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    provider = {"kind": "openai", "model": "m", "base_url": f"http://127.0.0.1:{host.port}/v1"}
    provider |= {"api_key_variable": None, "max_concurrency": connections}
    target = {"name": "speed", "provider": provider, "system": "Be brief.", "sampling": {"max_tokens": 16}}
    (folder / "targets" / "speed.yaml").write_text(json.dumps(target))
    program = "import sys; from preceptor.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "-w", str(folder), "eval", "run", "speed", "--target", "speed"]
    command += ["--concurrency", str(connections), "--json"]
    return [
        measured(name, num_samples, [*command, *more], host, {})
        for name, more in (("preceptor", []), ("preceptor, cached", ["--again"]))
    ]


def inspect(python: str, folder: Path, num_samples: int, connections: int, host: Server) -> Measured | None:
    """inspect-ai on the same; None, said why, where it is not installed."""
    if subprocess.run([python, "-c", "import inspect_ai, openai"], stderr=subprocess.DEVNULL, check=False).returncode:
        print(f"inspect-ai is not installed in {python}; make a venv, `pip install inspect-ai openai`, name its python")
        return None
    task = folder / "task.py"
    task.write_text(INSPECT_TASK)
    command = [python, str(task), str(num_samples), str(connections), str(folder / "logs")]
    address = f"http://127.0.0.1:{host.port}/v1"
    return measured("inspect-ai", num_samples, command, host, {"OPENAI_API_KEY": "x", "OPENAI_BASE_URL": address})


def table(rows: list[Measured], connections: int) -> None:
    """One line a client, and how often ours goes into it."""
    best = rows[0].cpu_ms
    print(
        f"{'':<20}{'samples':>8}{'wall s':>8}{'run s':>8}{'/s':>8}{'CPU ms':>9}{'all ms':>9}{'RSS MB':>8}{'ratio':>8}"
    )
    for row in rows:
        run = f"{row.run_seconds:8.2f}{row.num_samples / row.run_seconds:8.0f}" if row.run_seconds else f"{'-':>8}" * 2
        print(
            f"{row.name:<20}{row.num_samples:>8}{row.wall_seconds:8.2f}{run}"
            f"{row.cpu_ms:9.3f}{row.all_ms:9.3f}{row.memory_mb:8.0f}{row.cpu_ms / best:8.1f}"
        )
    print(f"(the most that {connections} connections can do is {connections / ANSWER_SECONDS:,.0f} samples/s)")


def claims(rows: dict[str, Measured], cached: Measured, connections: int) -> dict[str, bool]:
    """Each claim, and whether it was met here."""
    mine = rows["preceptor"]
    share = mine.num_samples / (mine.run_seconds or 1e9) / (connections / ANSWER_SECONDS)
    met = {
        f"CPU a sample {mine.cpu_ms:.3f} ms <= {TARGET_CPU_MS} ms": mine.cpu_ms <= TARGET_CPU_MS,
        f"throughput {share:.0%} >= {TARGET_SHARE:.0%} of what is possible": share >= TARGET_SHARE,
        f"memory {mine.memory_mb:.0f} MB < {TARGET_MEMORY_MB} MB": mine.memory_mb < TARGET_MEMORY_MB,
        f"{cached.num_samples:,} cached samples in {cached.wall_seconds:.1f} s < {TARGET_CACHED_SECONDS} s": (
            cached.wall_seconds < TARGET_CACHED_SECONDS and cached.run_seconds is None
        ),
    }
    if "inspect-ai" in rows:
        ratio = rows["inspect-ai"].cpu_ms / mine.cpu_ms
        met[f"{ratio:.0f} times less CPU than inspect-ai >= {TARGET_RATIO}"] = ratio >= TARGET_RATIO
    return met


def main() -> int:
    """0 when every claim is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=2_000)
    parser.add_argument("--cached", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--inspect-python", default=sys.executable, help="an interpreter that has inspect-ai")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, server() as host:
        folder = Path(name)
        single, _ = ours(folder / "one", 1, asked.connections, host)
        mine, _ = ours(folder / "small", asked.samples, asked.connections, host)
        fill, cached = ours(folder / "large", asked.cached, asked.connections, host)
        rows = [after_start(one, single) for one in (mine, fill, cached)]
        peer_single = inspect(asked.inspect_python, folder, 1, asked.connections, host)
        if peer_single:
            peer = inspect(asked.inspect_python, folder, asked.samples, asked.connections, host)
            rows[1:1] = [after_start(peer, peer_single)] if peer else []
    table(rows, asked.connections)
    met = claims({row.name: row for row in rows[:-2]}, rows[-1], asked.connections)
    for claim, is_met in met.items():
        print(f"{'met    ' if is_met else 'NOT MET'} {claim}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
