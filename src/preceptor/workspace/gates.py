"""Verdicts by policies, people's words on them, and the release-readiness report."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.documents import Document
from preceptor.core.files import write_text
from preceptor.core.ids import content_id
from preceptor.core.json_values import parse_json
from preceptor.core.pages import Page
from preceptor.gate_evidence import collect_gate_evidence, run_side
from preceptor.gates.decide import decide as decide_by
from preceptor.gates.policy import Policy, load_policy
from preceptor.gates.render_html import render_html
from preceptor.gates.render_markdown import render_markdown
from preceptor.gates.report import readiness_report
from preceptor.gates.report_types import VerdictView
from preceptor.gates.sample_diffs import sample_diffs
from preceptor.gates.sign_offs import check_sign_off, require_releasable
from preceptor.gates.store import ReleaseStore, SignOffStore, VerdictStore, WaiverStore
from preceptor.gates.types import Evidence, Release, SignOff, SignOffDecision, Verdict, Waiver
from preceptor.gates.waivers import WaiverRequest, make_waiver
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.readiness import collect_evidence
from preceptor.workspace.core import Core


@dataclass(frozen=True)
class Gates:
    """Verdicts by policies, people's words on them, and the release-readiness report."""

    core: Core

    def decide(self, baseline_id: str, candidate_id: str, policy_name: str) -> Verdict:
        """The verdict of a policy on two finished runs, kept; deciding the same again gives the same record."""
        return self.decide_and_show(baseline_id, candidate_id, policy_name).verdict

    def decide_and_show(self, baseline_id: str, candidate_id: str, policy_name: str) -> VerdictView:
        """The verdict, kept as by `decide`, with the answers of both sides for a reader."""
        core = self.core
        policy, document = core.definitions.policy(policy_name), core.definitions.document("gates", policy_name)
        now = core.clock()
        with core.database.read() as connection:
            baseline, candidate = (run_side(connection, core.blobs, run) for run in (baseline_id, candidate_id))
            evidence = collect_gate_evidence(connection, baseline, candidate, policy.name, now)
        verdict = dataclasses.replace(decide_by(evidence, policy), baseline_run=baseline_id, candidate_run=candidate_id)
        verdict = dataclasses.replace(verdict, id=content_id("verdict", verdict), decided_at=now)
        with core.change("gates.decide") as change:
            kept = VerdictStore(change.connection).find(str(verdict.id))
            if kept is None:
                VerdictStore(change.connection).add(verdict)
            sources = {"decided_on_baseline": baseline_id, "decided_on_candidate": candidate_id}
            LinkStore(change.connection).add(
                [Link(made=str(verdict.id), relation=relation, source=run) for relation, run in sources.items()]
            )
            core.keep(document)
            change.subject = str(verdict.id)
            change.details = {"verdict": verdict.verdict, "policy_hash": policy.hash}
        return VerdictView(
            verdict=kept or verdict,
            baseline=baseline.run.target,
            candidate=candidate.run.target,
            primary=candidate.run.primary,
            samples=sample_diffs(candidate.suite, baseline.results, candidate.results),
            policy_file=document.source,
        )

    def evidence(self, baseline_id: str, candidate_id: str, policy_name: str) -> Evidence:
        """What a gate would read of two finished runs now."""
        core = self.core
        with core.database.read() as connection:
            baseline, candidate = (run_side(connection, core.blobs, run) for run in (baseline_id, candidate_id))
            policy = core.definitions.policy(policy_name)
            return collect_gate_evidence(connection, baseline, candidate, policy.name, core.clock())

    def get(self, verdict_id: str) -> Verdict:
        """A verdict; NotFoundError for none."""
        with self.core.database.read() as connection:
            return VerdictStore(connection).get(verdict_id)

    def list_verdicts(self, cursor: str | None = None) -> Page[Verdict]:
        """One page of verdicts, the newest first."""
        with self.core.database.read() as connection:
            return VerdictStore(connection).list_newest(cursor=cursor)

    def waive(self, policy_name: str, request: WaiverRequest) -> Waiver:
        """A waiver of a criterion, kept; InputError, NotFoundError or NotAllowedError where it may not be given."""
        policy = self.core.definitions.policy(policy_name)
        waiver = make_waiver(request, policy, self.core.clock())
        with self.core.change("gates.waive") as change:
            WaiverStore(change.connection).add(waiver)
            change.subject = waiver.id
            change.details = {"policy": policy.name, "criterion": waiver.criterion, "reason": waiver.reason}
        return waiver

    def list_waivers(self, policy_name: str) -> list[Waiver]:
        """A policy's waivers that were not withdrawn, the ended ones too, in the order given."""
        policy = self.core.definitions.policy(policy_name)
        with self.core.database.read() as connection:
            return WaiverStore(connection).list_standing(policy.name)

    def withdraw_waiver(self, waiver_id: str) -> Waiver:
        """The waiver, which counts no more from now on; NotFoundError for none."""
        with self.core.change("gates.withdraw_waiver") as change:
            waiver = WaiverStore(change.connection).withdraw(waiver_id, self.core.clock())
            change.subject = waiver.id
        return waiver

    def sign(self, verdict_id: str, role: str, decision: SignOffDecision, remark: str = "") -> SignOff:
        """The actor's word on a verdict, kept; NotAllowedError for one who may not speak for the role."""
        core = self.core
        now = core.clock()
        with core.change("gates.sign") as change:
            store = SignOffStore(change.connection)
            verdict, earlier = VerdictStore(change.connection).get(verdict_id), store.list_for(verdict_id)
            word = SignOff(
                id="",
                verdict_id=verdict_id,
                role=role,
                by=core.settings.actor,
                decision=decision,
                remark=remark,
                at=now,
            )
            check_sign_off(word, verdict, earlier, self._policy_of(verdict).sign_offs)
            word = dataclasses.replace(word, id=content_id("sign_off", word))
            store.add(word)
            change.subject, change.details = verdict_id, {"role": role, "decision": decision}
        return word

    def release(self, verdict_id: str) -> Release:
        """The verdict's candidate as released; ConflictError names what is missing."""
        core = self.core
        now = core.clock()
        with core.change("gates.release") as change:
            verdict = VerdictStore(change.connection).get(verdict_id)
            words = SignOffStore(change.connection).list_for(verdict_id)
            require_releasable(verdict, words, WaiverStore(change.connection).list_open(verdict.policy_name, now))
            made = Release(verdict_id=verdict_id, by=core.settings.actor, at=now)
            release = ReleaseStore(change.connection).add(made)
            change.subject, change.details = verdict_id, {"candidate_run": verdict.candidate_run}
        return release

    def write_report(self, verdict_id: str, folder: Path | None = None) -> tuple[Path, Path]:
        """The release-readiness report of a verdict, as HTML and as Markdown; where they lie."""
        core = self.core
        with core.database.read() as connection:
            evidence = collect_evidence(connection, verdict_id, core.definitions, core.blobs, core.clock())
        report = readiness_report(evidence)
        folder = folder or core.folder / "reports" / verdict_id
        html, markdown = folder / "readiness.html", folder / "readiness.md"
        write_text(html, render_html(report))
        write_text(markdown, render_markdown(report))
        with core.change("gates.report") as change:
            change.subject, change.details = verdict_id, {"html": html.name, "markdown": markdown.name}
        return html, markdown

    def _policy_of(self, verdict: Verdict) -> Policy:
        """The policy as it was when the verdict was decided: who may sign does not change with the file."""
        value = parse_json(self.core.blobs.get(verdict.policy_hash))
        return load_policy(Document(source=verdict.policy_name, value=value, lines={}))
