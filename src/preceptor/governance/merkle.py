"""The RFC 6962 Merkle tree: one hash that stands for a whole list, and for each of its beginnings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator


def merkle_root(leaves: Iterable[bytes]) -> str:
    """The root over the leaves, as hexadecimal digits (RFC 6962, section 2.1).

    >>> merkle_root([])[:8], merkle_root([b""])[:8]
    ('e3b0c442', '6e340b9c')
    """
    root = hashlib.sha256(b"").hexdigest()
    for root in iter_roots(leaves):  # noqa: B007 - the last one is the answer
        pass
    return root


def iter_roots(leaves: Iterable[bytes]) -> Iterator[str]:
    """The root after each leaf: of the first, of the first two, and so on; memory grows with the logarithm."""
    complete: list[tuple[int, bytes]] = []  # whole subtrees from left to right: size, hash
    for leaf in leaves:
        size, node = 1, hashlib.sha256(b"\x00" + leaf).digest()
        while complete and complete[-1][0] == size:
            _, left = complete.pop()
            size, node = 2 * size, _parent(left, node)
        complete.append((size, node))
        root = complete[-1][1]
        for _, left in reversed(complete[:-1]):
            root = _parent(left, root)
        yield root.hex()


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
