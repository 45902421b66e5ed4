"""One page of a long list, and where the next one starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

DEFAULT_PAGE_SIZE = 100


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """Items in the list's own order; `next_cursor` is None on the last page."""

    items: Sequence[Item]
    next_cursor: str | None = None
