"""Members of a zip archive that may be packed with Zstandard, which Python's own reader refuses before 3.14."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import InputError, NotFoundError

MAX_MEMBER_BYTES = 256_000_000
STORED, DEFLATED, ZSTANDARD = 0, 8, 93
ENCRYPTED = 0x1
LOCAL_HEADER = struct.Struct("<4s22xHH")


@dataclass(frozen=True, kw_only=True)
class ZipMembers:
    """The members of one archive by name."""

    path: Path
    members: dict[str, zipfile.ZipInfo]

    def read(self, name: str) -> bytes:
        """A member unpacked; InputError for one that is broken, encrypted or larger than 256 MB."""
        info = self.members[name]
        place = f"{self.path}: member {name!r}"
        if info.flag_bits & ENCRYPTED:
            raise InputError(f"{place} is encrypted")
        if info.file_size > MAX_MEMBER_BYTES:
            raise InputError(f"{place} is larger than {MAX_MEMBER_BYTES:,} bytes")
        try:
            content = _unpack(self._packed(info), info.compress_type)
        except (OSError, zlib.error, struct.error) as error:
            raise InputError(f"{place} is broken: {error}") from error
        if len(content) > MAX_MEMBER_BYTES:
            raise InputError(f"{place} is larger than {MAX_MEMBER_BYTES:,} bytes")
        if zlib.crc32(content) != info.CRC:
            raise InputError(f"{place} is damaged: its checksum does not fit")
        return content

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        with self.path.open("rb") as stream:
            stream.seek(info.header_offset)
            _, name_length, extra_length = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
            stream.seek(name_length + extra_length, 1)
            return stream.read(info.compress_size)


def open_zip(path: Path) -> ZipMembers:
    """The archive's table of contents; InputError for what is no zip or was cut off before it was written."""
    try:
        with zipfile.ZipFile(path) as archive:
            return ZipMembers(path=path, members={info.filename: info for info in archive.infolist()})
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{path}: no readable zip archive ({error}); was it cut off?") from error


def _unpack(packed: bytes, method: int) -> bytes:
    if method == STORED:
        return packed
    if method == DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, MAX_MEMBER_BYTES + 1)
    if method == ZSTANDARD:
        # Costs .2 s and only this needs it.
        import pyarrow as pa  # noqa: PLC0415

        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            return bytes(stream.read(MAX_MEMBER_BYTES + 1))
    raise OSError(f"packing method {method} is not known")
