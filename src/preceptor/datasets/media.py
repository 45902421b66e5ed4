"""Images and other files that stand in messages: named by the hash of their bytes, which are handed on, not kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.types import MediaKind

MAX_MEDIA_BYTES = 12_000_000
MAX_MEDIA_IN_RECORD = 1_000
# The part types of the chat APIs (OpenAI, Anthropic, Gemini's OpenAI form) and of Hugging Face templates.
PART_KINDS: dict[str, MediaKind] = {
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "document": "document",
    "file": "document",
    "input_file": "document",
    "audio": "audio",
    "audio_url": "audio",
    "input_audio": "audio",
    "video": "video",
    "video_url": "video",
}
MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w-]+=[^;,]{0,100}){0,5};base64,")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")
# Where a part holds what it shows, in the order in which they are looked at.
_HOLDERS = (
    "source",
    "file",
    "image_url",
    "audio_url",
    "video_url",
    "input_audio",
    "image",
    "document",
    "audio",
    "video",
)


class MediaFile(NamedTuple):
    """A file by the SHA-256 of its bytes; `media_type` is empty where nobody said it."""

    kind: MediaKind
    sha256: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class MediaReader:
    """Reads media parts. `keep` is handed the bytes of each file, such as `BlobStore.add`; else they are only hashed.

    Paths are read within `root` alone; without a root they are refused. Nothing is fetched from a network.
    """

    root: Path | None = None
    keep: Callable[[bytes], object] = field(default=len)

    def read(self, part: JsonValue, kind: MediaKind, place: str) -> MediaFile:
        """The file that a part names by `sha256`, or holds as a data URL, base64 or a path.

        Raises InputError, naming the place.

        >>> MediaReader().read("data:image/png;base64,aGk=", "image", "images[0]").sha256[:12]
        '8f434346648f'
        """
        if isinstance(part, str):
            return self._text(part, kind, place, "")
        if not isinstance(part, dict):
            raise InputError(f"{place} must be a text or an object that holds a file, not {kind_of(part)}")
        media_type = _media_type(part, place)
        if part.get("sha256") is not None:
            return _named(part["sha256"], kind, media_type, place)
        for name in _HOLDERS:
            if part.get(name) is not None:
                return self.read(part[name], kind, f"{place}.{name}")
        for name in ("bytes", "data", "base64", "file_data", "url", "path"):
            value = part.get(name)
            if isinstance(value, str) and value:
                where = f"{place}.{name}"
                if name == "path":
                    return self._path(value, kind, where)
                return self._text(value, kind, where, media_type)
        raise InputError(f"{place} names no file: it has none of sha256, url, data, bytes and path")

    def _text(self, text: str, kind: MediaKind, place: str, media_type: str) -> MediaFile:
        head = _DATA_URL.match(text)
        if head:
            return self._base64(text[head.end() :], kind, place, head[1] or media_type)
        if re.match(r"[a-z][a-z0-9+.-]{0,20}:", text, re.IGNORECASE):
            raise InputError(f"{place} is the address {text!r:.80}; nothing is fetched: give its bytes or its sha256")
        if _SHA256.fullmatch(text):
            return MediaFile(kind, text, media_type)
        if self.root is not None and len(text) < 4096 and Path(text).suffix.lower() in MEDIA_TYPES:  # noqa: PLR2004 - longer is no path
            return self._path(text, kind, place)
        return self._base64(text, kind, place, media_type)

    def _base64(self, text: str, kind: MediaKind, place: str, media_type: str) -> MediaFile:
        if len(text) > MAX_MEDIA_BYTES * 4 // 3 + 4:
            raise InputError(f"{place} holds more than {MAX_MEDIA_BYTES:,} bytes; store it and give its sha256")
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError(f"{place} is neither a data URL nor base64 ({error}): {text!r:.60}") from error
        return self._kept(content, kind, place, media_type)

    def _path(self, text: str, kind: MediaKind, place: str) -> MediaFile:
        if self.root is None:
            raise InputError(f"{place} is the path {text!r:.80}, and no folder of media was named; name one")
        root = self.root.resolve()
        try:
            path = (root / text).resolve()
            if not path.is_relative_to(root):
                raise InputError(f"{place} is the path {text!r:.80}, which leads out of {str(root)!r}")
            with path.open("rb") as stream:
                content = stream.read(MAX_MEDIA_BYTES + 1)
        except (OSError, ValueError) as error:
            raise InputError(f"{place}: {text!r:.80} cannot be read in {str(root)!r}: {error}") from error
        if len(content) > MAX_MEDIA_BYTES:
            raise InputError(
                f"{place}: {text!r:.80} has more than {MAX_MEDIA_BYTES:,} bytes; store it and give its sha256"
            )
        return self._kept(content, kind, place, MEDIA_TYPES.get(path.suffix.lower(), ""))

    def _kept(self, content: bytes, kind: MediaKind, place: str, media_type: str) -> MediaFile:
        if not content:
            raise InputError(f"{place} is a file without a byte")
        self.keep(content)
        known = media_type or next((name for magic, name in _MAGIC if content.startswith(magic)), "")
        return MediaFile(kind, hashlib.sha256(content).hexdigest(), known)


def _named(sha256: JsonValue, kind: MediaKind, media_type: str, place: str) -> MediaFile:
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise InputError(f"{place}.sha256 must be 64 hexadecimal digits, not {sha256!r:.70}")
    return MediaFile(kind, sha256, media_type)


def _media_type(part: JsonObject, place: str) -> str:
    value = part.get("media_type") or part.get("mime_type") or ""
    if part.get("format") in {"wav", "mp3"}:
        value = MEDIA_TYPES[f".{part['format']}"]
    if value and (not isinstance(value, str) or not _MEDIA_TYPE.fullmatch(value)):
        raise InputError(f"{place}.media_type must be like image/png, not {value!r:.60}")
    return value
