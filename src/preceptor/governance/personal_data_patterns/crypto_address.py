"""Addresses of cryptocurrency wallets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

BASE_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH_32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHECKSUMS = {1, 0x2BC830A3}  # bech32 (BIP 173) and bech32m (BIP 350)
ADDRESS = re.compile(
    r"(?<!\w)(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{8,87}|BC1[02-9AC-HJ-NP-Z]{8,87}|0x[0-9A-Fa-f]{40})(?!\w)"
)


@dataclass(frozen=True, kw_only=True)
class CryptoAddress:
    """Bitcoin addresses whose checksum is right, and Ethereum addresses by their form.

    >>> list(CryptoAddress().find("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"))
    [Span(start=8, end=42)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "CRYPTO_ADDRESS"
    precedence: ClassVar[int] = 25
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = (
        "[^0-9a-z_][13][1-9a-z]{25}",
        "[^0-9a-z_]bc1[0-9a-z]{8}",
        "[^0-9a-z_]0x[0-9a-f]{40}",
    )
    reach: ClassVar[Reach | None] = Reach(56, 96)

    def find(self, text: str) -> Iterator[Span]:
        """Each address."""
        for match in ADDRESS.finditer(text):
            if _is_address(match.group()):
                yield Span(*match.span())


def _is_address(value: str) -> bool:
    if value.startswith("0x"):
        return len(set(value[2:41])) > 1  # The address of zeros burns what is sent to it.
    return _is_bech_32(value.lower()) if value[:3].lower() == "bc1" else _is_base_58(value)


def _is_base_58(value: str) -> bool:
    """The last four of 25 bytes are the start of the double SHA-256 of the others."""
    number = 0
    for character in value:
        number = number * 58 + BASE_58.index(character)
    if number >= 1 << 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _is_bech_32(value: str) -> bool:
    """BIP 173's checksum over the readable part `bc` and the data."""
    words = [ord(character) >> 5 for character in "bc"] + [0] + [ord(character) & 31 for character in "bc"]
    check = 1
    for word in [*words, *map(BECH_32.index, value[3:])]:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ word
        for place, generator in enumerate(GENERATORS):
            check ^= generator if top >> place & 1 else 0
    return check in CHECKSUMS
