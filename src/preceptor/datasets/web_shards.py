"""Records with their images and documents as tar shards, one sample after another."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import ConflictError, InputError
from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.types import Media, Record

Files = list[tuple[str, bytes]]
_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "application/pdf": "pdf",
    "text/plain": "txt", "audio/mpeg": "mp3", "audio/wav": "wav", "audio/flac": "flac", "video/mp4": "mp4",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ShardSize:
    """When a shard is full: by samples or by bytes, whichever comes first."""

    max_samples: int
    max_bytes: int


def write_shards(
    records: Iterable[Record], folder: Path, size: ShardSize, media: Callable[[str], bytes] | None
) -> None:
    """Shards `<split>-000000.tar` and so on; the same records and media give the same bytes.

    A sample is `<key>.json`, the whole record, and its media as `<key>.<place>.<ending>`. The key is the
    record's id, or its SHA-256 where the id could be a path. One record is in memory at a time. Raises
    ConflictError for media whose bytes are not those of the hash, InputError when `media` is not given but needed.
    """
    open_shards: dict[str, _Shard] = {}
    try:
        for record in records:
            split = record.split or "train"
            files = _files(record, media)
            shard = open_shards.setdefault(split, _Shard(folder=folder, split=split))
            shard.add(files, size)
    finally:
        for shard in open_shards.values():
            shard.close()


@dataclass(kw_only=True)
class _Shard:
    folder: Path
    split: str
    number: int = -1
    num_samples: int = 0
    num_bytes: int = 0
    tar: tarfile.TarFile | None = None

    def add(self, files: Files, size: ShardSize) -> None:
        sample = sum(len(content) for _, content in files)
        is_full = self.num_samples >= size.max_samples or self.num_bytes + sample > size.max_bytes
        if self.tar is None or (is_full and self.num_samples):
            self.close()
            self.number, self.num_samples, self.num_bytes = self.number + 1, 0, 0
            path = self.folder / f"{self.split}-{self.number:06d}.tar"
            self.tar = tarfile.open(path, "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115 - closed by close()
        for name, content in files:
            header = tarfile.TarInfo(name)
            # Owner, mode and moment are the same on every machine.
            header.size, header.mtime, header.mode = len(content), 0, 0o644
            self.tar.addfile(header, io.BytesIO(content))
        self.num_samples, self.num_bytes = self.num_samples + 1, self.num_bytes + sample

    def close(self) -> None:
        if self.tar is not None:
            self.tar.close()
            self.tar = None


def _files(record: Record, media: Callable[[str], bytes] | None) -> Files:
    key = record.id if _KEY.fullmatch(record.id) else hashlib.sha256(record.id.encode()).hexdigest()
    named = [(one, f"{key}.{place}.{ENDINGS.get(one.media_type, 'bin')}") for place, one in enumerate(record.media)]
    content: JsonObject = {**plain_object(record), "messages": message_rows(record.messages)}
    content["media"] = [{**plain_object(one), "file": name} for one, name in named]
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True)
    return [(f"{key}.json", text.encode()), *((name, _bytes(record, one, media)) for one, name in named)]


def _bytes(record: Record, one: Media, media: Callable[[str], bytes] | None) -> bytes:
    if media is None:
        raise InputError(f"record {record.id!r} holds media, and nobody said where they lie; pass `media`")
    content = media(one.sha256)
    found = hashlib.sha256(content).hexdigest()
    if found != one.sha256:
        raise ConflictError(f"the {one.kind} {one.sha256!r:.70} of record {record.id!r} has other bytes ({found})")
    return content
