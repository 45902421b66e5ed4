"""A comment on a pull request, and the summary of a CI job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.gates.report_types import VerdictView
from preceptor.gates.verdict_markdown import verdict_markdown


@dataclass(frozen=True, kw_only=True)
class Markdown:
    """GitHub-flavoured Markdown shorter than a comment may be: losses first, texts made harmless.

    >>> from preceptor.gates.types import Verdict
    >>> verdict = Verdict(verdict="fail", criteria=(), policy_hash="0" * 64, reason="the answers differ")
    >>> Markdown().render(VerdictView(verdict=verdict)).splitlines()[0]
    '## ❌ NO-GO'
    """

    version: ClassVar[int] = 1

    def render(self, view: VerdictView) -> str:
        """The comment."""
        return verdict_markdown(view)
