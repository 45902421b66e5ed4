"""One stage of a build: a folder that is there whole, with what it gave, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from preceptor.core.errors import InputError, StorageError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.new_folder import new_folder
from preceptor.datasets.shards import Shard

DONE_FILE = "done.json"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a stage gave: its files by what they hold, and its figures."""

    shards: dict[str, tuple[Shard, ...]] = field(default_factory=dict)
    figures: JsonObject = field(default_factory=dict)

    def of(self, name: str) -> tuple[Shard, ...]:
        """The files of a name; none where nothing was written under it."""
        return self.shards.get(name, ())


def run_stage(folder: Path, work: Callable[[Path], Outcome]) -> Outcome:
    """What the stage gave: read back where it was finished before, else worked out now.

    `work` gets an empty folder, which becomes `folder`, on disk, when it ends well. Raises StorageError
    when the disk refuses; then the stage counts as not begun.
    """
    done = folder / DONE_FILE
    if done.is_file():
        return _placed(_read(done), folder)
    with new_folder(folder) as place:
        found = work(place)
        (place / DONE_FILE).write_bytes(msgspec.json.encode(_named(found, place)))
    return _placed(_named(found, place), folder)


def _read(path: Path) -> Outcome:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Outcome)
    except (OSError, msgspec.MsgspecError) as error:
        raise StorageError(
            f"{str(path)!r} was damaged after it was written: {error}; remove the folder above it and build again"
        ) from error


def _named(outcome: Outcome, place: Path) -> Outcome:
    """With file names within the folder: it will stand under another name."""
    return _with_paths(outcome, lambda path: str(Path(path).relative_to(place)))


def _placed(outcome: Outcome, folder: Path) -> Outcome:
    for name in (shard.path for shards in outcome.shards.values() for shard in shards):
        if not (folder / name).is_file():
            raise InputError(f"the stage {str(folder)!r} lacks {name!r}; remove the folder above it and build again")
    return _with_paths(outcome, lambda path: str(folder / path))


def _with_paths(outcome: Outcome, change: Callable[[str], str]) -> Outcome:
    moved = {
        name: tuple(replace(shard, path=change(shard.path)) for shard in shards)
        for name, shards in outcome.shards.items()
    }
    return replace(outcome, shards=moved)
