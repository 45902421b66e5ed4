"""Verdicts by policies, and the release-readiness report."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.files import write_text
from preceptor.core.ids import content_id
from preceptor.gates.decide import decide as decide_by
from preceptor.gates.render_html import render_html
from preceptor.gates.render_markdown import render_markdown
from preceptor.gates.report import readiness_report
from preceptor.gates.store import VerdictStore
from preceptor.gates.types import Evidence, Verdict
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.kept_runs import comparable_runs, kept_rows, kept_suite
from preceptor.readiness import collect_evidence
from preceptor.workspace.core import Core


@dataclass(frozen=True)
class Gates:
    """Verdicts by policies, and the release-readiness report."""

    core: Core

    def decide(self, baseline_id: str, candidate_id: str, policy_name: str) -> Verdict:
        """The verdict of a policy on two finished runs, kept; deciding the same again gives the same record."""
        policy, document = (
            self.core.definitions.policy(policy_name),
            self.core.definitions.document("gates", policy_name),
        )
        with self.core.database.read() as connection:
            baseline, candidate = comparable_runs(connection, baseline_id, candidate_id)
            metrics = list(kept_suite(self.core.blobs, candidate).graders)
            evidence = Evidence(
                baseline={metric: kept_rows(connection, self.core.blobs, baseline, metric) for metric in metrics},
                candidate={metric: kept_rows(connection, self.core.blobs, candidate, metric) for metric in metrics},
                primary=candidate.primary,
            )
        verdict = dataclasses.replace(decide_by(evidence, policy), baseline_run=baseline.id, candidate_run=candidate.id)
        verdict = dataclasses.replace(verdict, id=content_id("verdict", verdict), decided_at=self.core.clock())
        with self.core.change("gates.decide") as change:
            kept = VerdictStore(change.connection).find(str(verdict.id))
            if kept is None:
                VerdictStore(change.connection).add(verdict)
            sources = {"decided_on_baseline": baseline.id, "decided_on_candidate": candidate.id}
            LinkStore(change.connection).add(
                [Link(made=str(verdict.id), relation=relation, source=run) for relation, run in sources.items()]
            )
            self.core.keep(document)
            change.subject = str(verdict.id)
            change.details = {"verdict": verdict.verdict, "policy_hash": policy.hash}
        return kept or verdict

    def write_report(self, verdict_id: str, folder: Path | None = None) -> tuple[Path, Path]:
        """The release-readiness report of a verdict, as HTML and as Markdown; where they lie."""
        with self.core.database.read() as connection:
            evidence = collect_evidence(
                connection, verdict_id, self.core.definitions, self.core.blobs, self.core.clock()
            )
        report = readiness_report(evidence)
        folder = folder or self.core.folder / "reports" / verdict_id
        html, markdown = folder / "readiness.html", folder / "readiness.md"
        write_text(html, render_html(report))
        write_text(markdown, render_markdown(report))
        with self.core.change("gates.report") as change:
            change.subject, change.details = verdict_id, {"html": html.name, "markdown": markdown.name}
        return html, markdown
