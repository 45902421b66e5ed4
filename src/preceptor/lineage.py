"""From a verdict back to its traces, and from a trace on to its verdicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection

from preceptor.governance.provenance import kind_of_record, walk
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """All that a record came from, or all that came of it.

    `links` are the steps, nearest first; `counts` how many records of each kind were met.
    """

    record: str
    direction: str
    links: tuple[Link, ...]
    counts: dict[str, int]


def trace_back(connection: Connection, record: str) -> Lineage:
    """What a record was made from, step by step, down to the traces."""
    links = walk(record, LinkStore(connection).list_sources)
    return _lineage(record, "back", links, [link.source for link in links])


def trace_forward(connection: Connection, record: str) -> Lineage:
    """What was made of a record, step by step, up to the verdicts."""
    links = walk(record, LinkStore(connection).list_made, forward=True)
    return _lineage(record, "forward", links, [link.made for link in links])


def _lineage(record: str, direction: str, links: list[Link], met: list[str]) -> Lineage:
    counts = Counter(kind_of_record(other) for other in set(met))
    return Lineage(record=record, direction=direction, links=tuple(links), counts=dict(sorted(counts.items())))
