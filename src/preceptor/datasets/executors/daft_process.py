"""The process beside ours in which Daft runs: started when first asked, ended with its last user."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path
from typing import IO

from preceptor.core.errors import ProviderError
from preceptor.datasets.executors.daft_job import DaftJob, DaftOutcome

CHILD = "preceptor.datasets.executors.daft_child"
LINES_SHOWN = 5
SECONDS_TO_END = 60


class DaftProcess:
    """Runs Daft's jobs one after the other; `cluster` is the Ray cluster, None this machine.

    Whatever happens when the process ends cannot harm a job: its outcome was written whole before.
    """

    def __init__(self, cluster: str | None) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="preceptor_daft_")
        # It is open as long as the process is.
        self._said = Path(self._place.name, "said.txt").open("wb")  # noqa: SIM115 - see above
        # Our own program, with arguments that we made.
        self._process = subprocess.Popen(  # noqa: S603 - see above
            [sys.executable, "-m", CHILD, cluster or ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )
        self._num_jobs = 0
        self.end = weakref.finalize(self, _end, self._process, self._said, self._place)

    def run(self, job: DaftJob) -> object:
        """What the job gave. Raises its own error, and ProviderError when the process ended without an outcome."""
        self._num_jobs += 1
        asked = Path(self._place.name, f"job_{self._num_jobs}.pickle")
        answered = asked.with_name(f"outcome_{self._num_jobs}.pickle")
        asked.write_bytes(pickle.dumps(job))
        self._tell(f"{asked}\t{answered}\n")
        if not answered.is_file():
            raise ProviderError(
                f"Daft ended without a result; run the same command again. It said: {self._last_words()}"
            )
        # Only the process that we started writes into this folder.
        outcome: DaftOutcome = pickle.loads(answered.read_bytes())  # noqa: S301 - see above
        if outcome.error is not None:
            raise outcome.error
        return outcome.given

    def close(self) -> int:
        """Let the process end; the code with which it did."""
        self.end()
        return self._process.wait()

    def _tell(self, line: str) -> None:
        """Send a job, and wait until it is done or the process has ended."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise ProviderError("the process of Daft has no pipes; run the same command again")
        try:
            stdin.write(line)
            stdin.flush()
        except BrokenPipeError:
            return  # It has ended: there will be no outcome.
        stdout.readline()

    def _last_words(self) -> str:
        said = Path(self._said.name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return "\n".join(said[-LINES_SHOWN:]) or "nothing"


def _end(process: subprocess.Popen[str], said: IO[bytes], place: tempfile.TemporaryDirectory[str]) -> None:
    """Let the process end by itself, which it does when nobody can ask any more."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    said.close()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    place.cleanup()
