"""Tar shards that WebDataset and `datasets` stream, with images and documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.datasets.new_folder import files_of, local_target, new_folder
from preceptor.datasets.publisher import Published, VersionToPublish
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.web_shards import ShardSize, write_shards


@dataclass(frozen=True, kw_only=True)
class Webdataset:
    """A folder of shards `<split>-000000.tar`: a record as `<id>.json`, its media beside it as `<id>.<place>.<ending>`.

    The same version gives the same bytes. A shard ends at `max_samples` or `max_megabytes`, whichever comes first.
    Source: Hugging Face Hub, "WebDataset" (samples share a prefix, about 1 GB a shard).

    >>> Webdataset(max_samples=0)
    Traceback (most recent call last):
    preceptor.core.errors.InputError: max_samples and max_megabytes must be at least 1, not 0 and 1000
    """

    version: ClassVar[int] = 1

    max_samples: int = 10_000
    max_megabytes: int = 1_000

    def __post_init__(self) -> None:
        if min(self.max_samples, self.max_megabytes) < 1:
            raise InputError(
                f"max_samples and max_megabytes must be at least 1, not {self.max_samples} and {self.max_megabytes}"
            )

    def publish(self, version: VersionToPublish, target: str) -> Published:
        """The shards. Raises ConflictError when the target is there, InputError when media are not to be had."""
        path = local_target(target)
        size = ShardSize(max_samples=self.max_samples, max_bytes=self.max_megabytes * 1_000_000)
        with new_folder(path) as folder:
            write_shards(read_version_records(version.path), folder, size, version.media)
        files = files_of(path)
        return Published(str(path), len(files), sum(file.stat().st_size for file in files))
