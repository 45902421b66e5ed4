"""The answer was cut off by the limit of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.evidence import quote_end
from preceptor.triage.types import Severity


@dataclass(frozen=True, kw_only=True)
class Truncated:
    """An answer whose finish reason is one of `finish_reasons`; its root cause is `token_limit`.

    >>> trace = Trace(id="trace_1", source="openai", messages=(), output="You can", finish_reason="length")
    >>> Truncated().detect(trace, {}).root_cause
    'token_limit'
    """

    version: ClassVar[int] = 1

    category: str = "truncated"
    severity: Severity | None = None
    finish_reasons: tuple[str, ...] = ("length", "max_tokens", "MAX_TOKENS", "max_output_tokens")

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:  # noqa: ARG002 - the trace alone shows it
        """The cut, quoting the end of the answer."""
        if trace.finish_reason not in self.finish_reasons:
            return None
        evidence: JsonObject = {
            "finish_reason": trace.finish_reason,
            "output_tokens": trace.usage.output_tokens,
            "output": quote_end(trace.output),
        }
        return Detection(category=self.category, evidence=evidence, root_cause="token_limit", severity=self.severity)
