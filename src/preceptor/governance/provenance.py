"""Walk the links of provenance: from a record back to its sources, or on to what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from preceptor.governance.types import Link

MAX_RECORDS = 100_000


def walk(start: str, step: Callable[[str], Iterable[Link]], *, forward: bool = False) -> list[Link]:
    """Every link that can be reached from `start`, nearest first, each once; loops end the walk there.

    `step` gives the links of one record: those to its sources, or with `forward` those to what
    was made of it. At most 100,000 records are visited.
    """
    found: dict[tuple[str, str, str], Link] = {}
    seen, queue = {start}, [start]
    for record in queue:
        for link in step(record):
            found.setdefault((link.made, link.relation, link.source), link)
            following = link.made if forward else link.source
            if following not in seen and len(seen) < MAX_RECORDS:
                seen.add(following)
                queue.append(following)
    return list(found.values())


def kind_of_record(record: str) -> str:
    """What a record is, by its id.

    >>> kind_of_record("trace_0a1b")
    'trace'
    """
    return record.partition("_")[0]
