"""The failure modes of production as triage knows them now."""

from __future__ import annotations

from sqlalchemy import Connection

from preceptor.kept_findings import current_findings
from preceptor.traces.store import TraceStore
from preceptor.triage.rank import rank_failure_modes
from preceptor.triage.taxonomy import Taxonomy
from preceptor.triage.types import FailureMode


def current_failure_modes(connection: Connection, taxonomy: Taxonomy) -> list[FailureMode]:
    """The failure modes over all traces, the worst first."""
    return rank_failure_modes(current_findings(connection, taxonomy), TraceStore(connection).count())
