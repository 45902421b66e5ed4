"""What triage found by the taxonomy as it is now; what older detectors found is kept and not counted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from preceptor.traces.store import TraceStore
from preceptor.triage.detector import detectors
from preceptor.triage.rank import rank_failure_modes
from preceptor.triage.store import FindingStore
from preceptor.triage.taxonomy import Taxonomy
from preceptor.triage.types import FailureMode, Finding


def current_findings(connection: Connection, taxonomy: Taxonomy, category: str | None = None) -> Iterator[Finding]:
    """The findings (of one category) of the taxonomy's detectors, version and settings included, by trace."""
    hashes = {detectors.identify(detector).hash for detector in taxonomy.detectors}
    return (one for one in FindingStore(connection).iter_all(category) if one.detector.hash in hashes)


def current_failure_modes(connection: Connection, taxonomy: Taxonomy) -> list[FailureMode]:
    """The failure modes over all traces, the worst first."""
    return rank_failure_modes(current_findings(connection, taxonomy), TraceStore(connection).count())
