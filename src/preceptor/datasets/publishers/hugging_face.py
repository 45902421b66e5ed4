"""A folder that `datasets.load_dataset` reads as it lies."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import ClassVar

from preceptor.datasets.new_folder import files_of, local_target, new_folder
from preceptor.datasets.publisher import Published, VersionToPublish


@dataclass(frozen=True, kw_only=True)
class HuggingFace:
    """A copy of the version's folder: Parquet files, the manifest, and the card whose front matter names the files.

    `datasets.load_dataset(target, "sft")` reads it without a network. Source: Hugging Face Hub, "Manual
    configuration" (`configs` in the front matter of README.md).

    >>> HuggingFace().version
    1
    """

    version: ClassVar[int] = 1

    def publish(self, version: VersionToPublish, target: str) -> Published:
        """The copy. Raises ConflictError when the target is there."""
        path = local_target(target)
        with new_folder(path) as folder:
            shutil.copytree(version.path, folder, dirs_exist_ok=True)
        files = files_of(path)
        return Published(str(path), len(files), sum(file.stat().st_size for file in files))
