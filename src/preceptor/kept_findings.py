"""What triage found by the taxonomy as it is now; what older detectors found is kept and not counted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from preceptor.traces.store import TraceStore
from preceptor.traces.types import Trace
from preceptor.triage.detector import detectors
from preceptor.triage.store import FindingStore
from preceptor.triage.taxonomy import Taxonomy
from preceptor.triage.types import Finding


def current_findings(connection: Connection, taxonomy: Taxonomy, category: str | None = None) -> Iterator[Finding]:
    """The findings (of one category) of the taxonomy's detectors, version and settings included, by trace."""
    hashes = {detectors.identify(detector).hash for detector in taxonomy.detectors}
    return (one for one in FindingStore(connection).iter_all(category) if one.detector.hash in hashes)


def traces_with(connection: Connection, taxonomy: Taxonomy, category: str) -> Iterator[Trace]:
    """The traces that have such a finding now, by id."""
    found = [one.trace_id for one in current_findings(connection, taxonomy, category)]
    traces = TraceStore(connection).find_many(list(dict.fromkeys(found)))
    yield from (traces[trace_id] for trace_id in sorted(traces))
