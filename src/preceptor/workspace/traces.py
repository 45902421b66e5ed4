"""Traces and triage: what production said, and what fails in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.documents import read_document
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.grading.grade import grade_all
from preceptor.grading.judges import open_judges
from preceptor.grading.store import TraceScoreStore
from preceptor.grading.trace_sample import sample_of, ungraded
from preceptor.grading.types import MetricScore
from preceptor.kept_failure_modes import current_failure_modes
from preceptor.traces.detect import choose_format
from preceptor.traces.ingest import ingest
from preceptor.traces.store import TraceStore
from preceptor.traces.types import IngestReport, Trace
from preceptor.triage.diagnose import diagnose
from preceptor.triage.store import FindingStore
from preceptor.triage.taxonomy import Taxonomy
from preceptor.triage.types import FailureMode, Finding
from preceptor.workspace.core import Advance, Core, nobody

TRACES_AT_ONCE = 500


@dataclass(frozen=True)
class Traces:
    """Traces and triage: what production said, and what fails in it."""

    core: Core

    def import_file(
        self, path: Path, format_name: str | None = None, mapping: Path | None = None, *, strict: bool = False
    ) -> IngestReport:
        """Keep the traces of a file, redacted before the first write; what could not be read is in the report."""
        payload_format = choose_format(path, format_name, read_document(mapping) if mapping else None)
        with self.core.change("traces.import") as change:
            report = ingest(path, payload_format, TraceStore(change.connection), strict=strict)
            change.subject = path.name
            change.details = {
                "format": report.format,
                "read": report.num_read,
                "added": report.num_added,
                "already_there": report.num_already_there,
                "rejected": len(report.rejected),
            }
        return report

    def count(self) -> int:
        """How many traces there are."""
        with self.core.database.read() as connection:
            return TraceStore(connection).count()

    def list_page(self, cursor: str | None = None, limit: int = DEFAULT_PAGE_SIZE) -> Page[Trace]:
        """One page of traces."""
        with self.core.database.read() as connection:
            return TraceStore(connection).list_page(cursor, limit)

    def get(self, trace_id: str) -> tuple[Trace, tuple[MetricScore, ...], list[Finding]]:
        """A trace with its scores and findings; NotFoundError when there is none."""
        with self.core.database.read() as connection:
            trace = TraceStore(connection).get(trace_id)
            scores = TraceScoreStore(connection).list_for([trace_id])[trace_id]
            return trace, scores, FindingStore(connection).list_for_trace(trace_id)

    def triage(self, advance: Advance = nobody) -> list[FailureMode]:
        """Grade every trace that is not graded yet, diagnose it, and rank what fails; by the taxonomy.

        Traces are kept a few hundred at a time, so that a stopped triage goes on where it was.
        """
        taxonomy, passages = self.core.definitions.taxonomy(), self.core.definitions.passages()
        with self.core.database.read() as connection:
            ids = [trace.id for trace in TraceStore(connection).iter_all()]
        for start in range(0, len(ids), TRACES_AT_ONCE):
            some = ids[start : start + TRACES_AT_ONCE]
            asyncio.run(self._triage_some(some, taxonomy, passages))
            advance(len(some))
        return self.failure_modes()

    def failure_modes(self) -> list[FailureMode]:
        """The failure modes found by the taxonomy's detectors as they are now, the worst first."""
        taxonomy = self.core.definitions.taxonomy()
        with self.core.database.read() as connection:
            return current_failure_modes(connection, taxonomy)

    async def _triage_some(self, ids: list[str], taxonomy: Taxonomy, passages: dict[str, str]) -> None:
        with self.core.database.read() as connection:
            traces = TraceStore(connection).find_many(ids)
            kept = TraceScoreStore(connection).list_for(ids)
        new: dict[str, tuple[MetricScore, ...]] = {}
        async with open_judges(taxonomy.graders, self.core.resources) as judges:
            for trace_id, trace in traces.items():
                wanted = ungraded(taxonomy.graders, kept[trace_id])
                new[trace_id] = await grade_all(sample_of(trace, passages), wanted, judges)
        found: list[Finding] = []
        for trace_id, trace in traces.items():
            scores = {score.metric: score for score in (*kept[trace_id], *new[trace_id])}
            found += diagnose(trace, scores, taxonomy.detectors, taxonomy)
        with self.core.change("triage") as change:
            TraceScoreStore(change.connection).add_many(new)
            num_new = FindingStore(change.connection).add_many(found)
            LinkStore(change.connection).add([Link(made=f.id, relation="found_in", source=f.trace_id) for f in found])
            change.subject = "taxonomy"
            change.details = {"taxonomy_hash": taxonomy.hash, "traces": len(traces), "new_findings": num_new}
