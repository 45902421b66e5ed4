"""Internet addresses, version 4 and 6."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

VERSION_4 = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
VERSION_6 = r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
ADDRESS = re.compile(
    rf"(?<![\w.:])(?:{VERSION_6}:{VERSION_4}(?!\w|\.[0-9])|{VERSION_4}(?!\w|\.[0-9])|{VERSION_6}(?![\w:]|\.[0-9]))"
)
# No machine stands there (RFC 1122, RFC 4291, RFC 6666): software uses them for "any", and we for pseudonyms.
NOBODYS = tuple(ipaddress.ip_network(written) for written in ("0.0.0.0/8", "::/128", "100::/64"))
SOFTWARE_VERSION = re.compile(r"(?:\bv|version|release|build)[ :]{0,2}$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class IpAddress:
    """Internet addresses; not the machine's own (127.0.0.1, ::1) and not software versions (`version 1.2.3.4`).

    >>> list(IpAddress().find("from 203.0.113.7 at 12:30:45"))
    [Span(start=5, end=16)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "IP_ADDRESS"
    precedence: ClassVar[int] = 70
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = (
        r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
        "[0-9a-f]::|::[0-9a-f]|(?:[0-9a-f]{1,4}:){6}[0-9a-f]",
    )
    reach: ClassVar[Reach | None] = Reach(72, 56)

    def find(self, text: str) -> Iterator[Span]:
        """Each address."""
        for match in ADDRESS.finditer(text):
            before = text[max(0, match.start() - 12) : match.start()]
            if _is_address(match.group()) and not SOFTWARE_VERSION.search(before):
                yield Span(*match.span())


def _is_address(candidate: str) -> bool:
    try:
        address = ipaddress.ip_address(candidate)
    except ValueError:
        return False
    return not (address.is_loopback or any(address in network for network in NOBODYS))
