"""Where the records of a version lie in its folder."""

from __future__ import annotations

from preceptor.datasets.types import Manifest


def data_file(kind: str, split: str, part: int = 0, num_parts: int = 1) -> str:
    """The file of a kind and split; large splits stand in several parts.

    >>> data_file("sft", "train")
    'data/sft/train-00000-of-00001.parquet'
    """
    return f"data/{kind}/{split}-{part:05d}-of-{num_parts:05d}.parquet"


def data_files(manifest: Manifest, kind: str, split: str) -> list[str]:
    """The files of a kind and split in a manifest, in order."""
    return sorted(name for name in manifest.files if name.startswith(f"data/{kind}/{split}-"))


def files_of(manifest: Manifest, kind: str, split: str) -> str | list[str]:
    """The same for the card: one path, or the list of several; the usual path where the manifest has none yet."""
    found = data_files(manifest, kind, split) or [data_file(kind, split)]
    return found[0] if len(found) == 1 else found
