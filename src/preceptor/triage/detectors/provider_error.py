"""The call to the model failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.evidence import quote
from preceptor.triage.types import Severity

MAX_ERROR_CHARACTERS = 2_000

# What providers write, the more telling first.
SIGNS = (
    ("context_length", r"context.{0,20}(?:length|window)|maximum context|too many tokens|prompt is too long"),
    ("content_filter", r"content.{0,5}(?:filter|policy|management)|safety system"),
    ("quota_exhausted", r"insufficient.quota|exceeded your current quota|billing"),
    ("rate_limit", r"rate.?limit|too many requests|\b429\b"),
    ("authentication", r"api.?key|unauthori[sz]ed|authentication|permission|forbidden|\b40[13]\b"),
    ("timeout", r"time.?out|timed out|deadline|\b504\b"),
    (
        "provider_unavailable",
        r"overloaded|unavailable|bad gateway|internal server error|connection|\b5(?:00|02|03|29)\b",
    ),
)
COMPILED = tuple((cause, re.compile(pattern, re.IGNORECASE)) for cause, pattern in SIGNS)


@dataclass(frozen=True, kw_only=True)
class ProviderError:
    """A trace that carries an error; the root cause is named where the provider's words show it.

    >>> trace = Trace(id="trace_1", source="openai", messages=(), output="", error="Rate limit reached for gpt-4o")
    >>> ProviderError().detect(trace, {}).root_cause
    'rate_limit'
    """

    version: ClassVar[int] = 1

    category: str = "provider_error"
    severity: Severity | None = None

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:  # noqa: ARG002 - the trace alone shows it
        """The error, quoted."""
        if trace.error is None:
            return None
        said = trace.error[:MAX_ERROR_CHARACTERS]
        matches = ((cause, pattern.search(said)) for cause, pattern in COMPILED)
        cause, match = next(((cause, match) for cause, match in matches if match), ("unknown", None))
        start = max(0, match.start() - 80) if match else 0
        return Detection(
            category=self.category,
            evidence={"error": quote(trace.error, start)},
            root_cause=cause,
            severity=self.severity,
        )
