"""The hosts that a text links to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_LINK = re.compile(r"(?:https?:|(?<![\w:])//|\bwww\.)[^\s<>\"'`)\]}]{1,2000}", re.IGNORECASE)
# Names without a scheme, which many programs turn into links; not the part behind the @ of an address.
_BARE = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|net|org|io|co|app|dev|info|biz|ai|shop|xyz)(?![\w@-]|\.\w)",
    re.IGNORECASE,
)


def linked_hosts(text: str) -> list[str]:
    r"""Each host once, in lower case, in order; a link whose host cannot be read is given as it stands.

    >>> linked_hosts("See https://Help.Example.com/a or evil.com, not ada@example.org.")
    ['help.example.com', 'evil.com']
    >>> linked_hosts("https://example.com@evil.com https://evil.com\\@example.com")
    ['evil.com']
    """
    found = [(link.start(), _host(link.group())) for link in _LINK.finditer(text)]
    without = _LINK.sub(lambda link: " " * len(link.group()), text)
    found += [(bare.start(), bare.group().casefold()) for bare in _BARE.finditer(without)]
    return list(dict.fromkeys(host for _, host in sorted(found)))


def is_allowed(host: str, domains: Iterable[str]) -> bool:
    """True for one of the domains and for what stands below it.

    >>> is_allowed("help.example.com", ["example.com"]), is_allowed("myexample.com", ["example.com"])
    (True, False)
    """
    return any(host == domain.casefold() or host.endswith(f".{domain.casefold()}") for domain in domains)


def _host(link: str) -> str:
    # Browsers read a backslash as a slash, so what follows it is no longer the host.
    address = link.replace("\\", "/")
    try:
        host = urlsplit(address if "//" in address[:8] else f"//{address.split(':', 1)[-1]}").hostname
    except ValueError:
        return link
    return (host or link).rstrip(".,;:!?")
