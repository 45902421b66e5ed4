"""People's word in place of the judge's, where a criterion looks at single cases and not at a rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from preceptor.evals.types import ScoreRow
from preceptor.gates.types import Evidence


def by_people(evidence: Evidence, metric: str) -> Evidence:
    """The evidence of one metric, with the human label as the score of each answer that has one."""
    judge = evidence.judges.get(metric)
    if judge is None:
        return evidence
    return replace(
        evidence,
        baseline={metric: _labelled(evidence.baseline.get(metric, ()), judge.baseline_labels)},
        candidate={metric: _labelled(evidence.candidate.get(metric, ()), judge.candidate_labels)},
    )


def _labelled(rows: Sequence[ScoreRow], labels: Mapping[str, float]) -> list[ScoreRow]:
    return [replace(row, score=labels.get(row.id, row.score)) for row in rows]
