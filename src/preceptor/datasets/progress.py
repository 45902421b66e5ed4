"""How far a build has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from preceptor.datasets.shards import Shard

Done = TypeVar("Done")


@dataclass(frozen=True, kw_only=True)
class StageProgress:
    """A stage, how many of its records are done (of `num_total`, where that is known), and the seconds it has taken.

    `is_finished` is said once a stage; a stage that was finished by an earlier run says `is_kept` too.
    """

    stage: str
    num_done: int
    num_total: int | None
    seconds: float
    is_finished: bool = False
    is_kept: bool = False


Progress = Callable[[StageProgress], None]


def nobody(_progress: StageProgress) -> None:
    """Progress that nobody watches."""


@dataclass(kw_only=True)
class StageWatch:
    """Tells of one stage's progress; `stopwatch` gives seconds that only grow."""

    stage: str
    progress: Progress
    stopwatch: Callable[[], float]
    num_total: int | None = None
    num_done: int = 0

    def __post_init__(self) -> None:
        self._start = self.stopwatch()

    def advance(self, count: int) -> None:
        """So many more records are done."""
        self.num_done += count
        self._tell()

    def finish(self, *, is_kept: bool) -> None:
        """The stage is done."""
        self._tell(is_finished=True, is_kept=is_kept)

    def over(self, shards: Iterable[Shard], done: Iterable[Done]) -> Iterator[Done]:
        """What is done of each shard, in order, told as it comes."""
        for shard, one in zip(shards, done, strict=True):
            self.advance(len(shard))
            yield one

    def _tell(self, *, is_finished: bool = False, is_kept: bool = False) -> None:
        self.progress(
            StageProgress(
                stage=self.stage,
                num_done=self.num_done,
                num_total=self.num_total,
                seconds=self.stopwatch() - self._start,
                is_finished=is_finished,
                is_kept=is_kept,
            )
        )
