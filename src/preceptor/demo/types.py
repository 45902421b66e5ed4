"""What the main job gives, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from preceptor.gates.types import Verdict
from preceptor.governance.types import AuditReport


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step that is done: what it showed, and how long it took here."""

    title: str
    lines: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The verdict of the loop, where its report lies, and the steps that led to it."""

    verdict: Verdict
    report_html: str
    report_markdown: str
    workspace: str
    audit: AuditReport
    steps: tuple[Step, ...]
