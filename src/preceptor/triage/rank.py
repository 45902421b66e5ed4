"""Rank failure modes: the gravest first, then the most frequent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from preceptor.core.errors import InputError
from preceptor.stats.intervals import wilson
from preceptor.triage.types import FailureMode, Finding, Severity

SEVERITIES: tuple[Severity, ...] = ("P0", "P1", "P2", "P3", "unknown")


def rank_failure_modes(findings: Iterable[Finding], num_total: int, confidence: float = 0.95) -> list[FailureMode]:
    """The categories found, over `num_total` traces that were looked at; none without findings.

    A trace counts once in a category, however many detectors found it there, and once for each
    root cause. A category is as grave as its gravest finding. The order is severity (P0 first,
    unknown last), then the number of traces, then the name: one P0 stands above any number of
    P3, for no weight between them could be defended. The interval is Wilson's and takes the
    traces as independent: where many belong to one conversation or task it is too narrow.

    Raises InputError when there are more failing traces than traces.
    """
    by_category: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_category[finding.category].append(finding)
    modes = [_mode(category, found, num_total, confidence) for category, found in by_category.items()]
    return sorted(modes, key=lambda mode: (SEVERITIES.index(mode.severity), -mode.num_traces, mode.category))


def _mode(category: str, findings: Sequence[Finding], num_total: int, confidence: float) -> FailureMode:
    trace_ids = sorted({finding.trace_id for finding in findings})
    if len(trace_ids) > num_total:
        raise InputError(
            f"{len(trace_ids)} traces fail in {category!r} but num_total is {num_total!r}; count all traces"
        )
    causes = Counter(cause for cause, _ in {(finding.root_cause, finding.trace_id) for finding in findings})
    return FailureMode(
        category=category,
        severity=min((finding.severity for finding in findings), key=SEVERITIES.index),
        num_traces=len(trace_ids),
        num_total=num_total,
        rate=len(trace_ids) / num_total,
        interval=wilson(len(trace_ids), num_total, confidence),
        confidence=confidence,
        root_causes=dict(sorted(causes.items(), key=lambda item: (-item[1], item[0]))),
        trace_ids=tuple(trace_ids),
    )
