"""The product said nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.types import Severity

CAUSES = {"content_filter": "content_filter", "length": "token_limit", "max_tokens": "token_limit"}


@dataclass(frozen=True, kw_only=True)
class EmptyAnswer:
    """An answer of blank characters only, without a call of a tool, from a call that did not fail.

    >>> EmptyAnswer().detect(Trace(id="trace_1", source="jsonl", messages=(), output=" "), {}).category
    'empty_answer'
    """

    version: ClassVar[int] = 1

    category: str = "empty_answer"
    severity: Severity | None = None

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:  # noqa: ARG002 - the trace alone shows it
        """The empty answer, with its finish reason."""
        if trace.output.strip() or trace.output_tool_calls or trace.error is not None:
            return None
        evidence: JsonObject = {
            "finish_reason": trace.finish_reason,
            "output_tokens": trace.usage.output_tokens,
            "num_characters": len(trace.output),
        }
        return Detection(
            category=self.category,
            evidence=evidence,
            root_cause=CAUSES.get(trace.finish_reason or "", "unknown"),
            severity=self.severity,
        )
