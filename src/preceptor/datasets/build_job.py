"""A build under way: its folder, its stages, and who may work on it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from preceptor.core.errors import ConflictError
from preceptor.core.files import explain
from preceptor.datasets.collector_pause import collector_pause
from preceptor.datasets.executor import Executor
from preceptor.datasets.progress import Progress, StageWatch, nobody
from preceptor.datasets.stage import Outcome, run_stage
from preceptor.datasets.whole_folder import PART

BUILDS = ".builds"
OBJECTS = "objects"
_LOCK = ".lock"


def _no_stopwatch() -> float:
    return 0.0


@dataclass(frozen=True, kw_only=True)
class BuildTools:
    """What does a build's work, and who watches it."""

    executor: Executor
    progress: Progress = nobody
    stopwatch: Callable[[], float] = _no_stopwatch


@dataclass(kw_only=True)
class Job:
    """The stages of one build, each finished once, whoever is killed in between."""

    folder: Path
    tools: BuildTools
    num_stages: int = field(default=0, init=False)

    def stage(self, name: str, num_total: int | None, work: Callable[[Path, StageWatch], Outcome]) -> Outcome:
        """What the next stage gave: now, or in the run that was killed."""
        folder = self.folder / f"{self.num_stages:02d}_{name}"
        self.num_stages += 1
        watch = StageWatch(
            stage=name, progress=self.tools.progress, stopwatch=self.tools.stopwatch, num_total=num_total
        )
        is_kept = folder.is_dir()
        with collector_pause():
            found = run_stage(folder, lambda place: work(place, watch))
        watch.finish(is_kept=is_kept)
        return found

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for what need not outlive the build's last step."""
        folder = self.folder / f".scratch{PART}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def sole_job(datasets: Path, name: str, job_id: str, tools: BuildTools) -> Iterator[Job]:
    """The job of this id, for one process at a time; what killed stages left behind is removed first.

    A job of the same dataset with other inputs is of no use any more: it is removed too, unless it is
    at work. Raises ConflictError when another process builds this very job.
    """
    builds = datasets / BUILDS
    folder = builds / f"{name}.{job_id}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            for leftover in folder.glob(f".*{PART}"):
                shutil.rmtree(leftover, ignore_errors=True)
            _remove_others(builds, name, folder)
            yield Job(folder=folder, tools=tools)
    except OSError as error:
        raise explain(error, folder) from error


def remove_job(job: Job) -> None:
    """Remove the folder of a job that is done, and the files it fetched."""
    shutil.rmtree(job.folder, ignore_errors=True)
    shutil.rmtree(job.folder.parent / OBJECTS, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(f"another process works on {str(folder)!r}; wait for it, or end it") from error
        yield


def _remove_others(builds: Path, name: str, mine: Path) -> None:
    for other in builds.glob(f"{name}.*"):
        # A name may go on after a dot, a job's id has none.
        if other == mine or other.name.rpartition(".")[0] != name:
            continue
        try:
            with _locked(other):
                shutil.rmtree(other, ignore_errors=True)
        except (ConflictError, OSError):
            continue  # Another process is at work there, or has just removed it.
