"""One label an answer from those of several annotators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from preceptor.judges.types import HumanLabel

VERDICTS = frozenset({0.0, 0.5, 1.0})
"""No, a tie, yes: labels that are counted and not averaged."""

Answer = tuple[str, int]


class MergedLabel(NamedTuple):
    """What people say of one answer; `is_tied` when as many said one thing as another."""

    value: float
    num_annotators: int
    is_tied: bool = False


def merge_labels(labels: Sequence[HumanLabel]) -> dict[Answer, MergedLabel]:
    """The label of each answer (case and epoch), in the order of the first.

    Where every label is 0, 0.5 or 1: what most annotators said; the mean, marked as tied, where
    two verdicts have the same number. Otherwise the mean.

    >>> said = [("a", 1.0), ("b", 1.0), ("c", 0.0)]
    >>> merge_labels([HumanLabel(case_id="q1", value=value, annotator=name) for name, value in said])
    {('q1', 1): MergedLabel(value=1.0, num_annotators=3, is_tied=False)}
    """
    values: dict[Answer, list[float]] = {}
    for label in labels:
        values.setdefault((label.case_id, label.epoch), []).append(label.value)
    is_counted = are_verdicts(labels)
    return {answer: _merged(found, is_counted=is_counted) for answer, found in values.items()}


def labels_by_case(labels: Sequence[HumanLabel]) -> dict[str, float]:
    """Each case's label, as a run's score of it: the mean over the epochs that people labelled."""
    found: dict[str, list[float]] = {}
    for (case_id, _), merged in merge_labels(labels).items():
        found.setdefault(case_id, []).append(merged.value)
    return {case_id: sum(values) / len(values) for case_id, values in found.items()}


def are_verdicts(labels: Sequence[HumanLabel]) -> bool:
    """True when every label is 0, 0.5 or 1."""
    return all(label.value in VERDICTS for label in labels)


def _merged(values: Sequence[float], *, is_counted: bool) -> MergedLabel:
    mean = sum(values) / len(values)
    if not is_counted:
        return MergedLabel(mean, len(values))
    ranked = Counter(values).most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:  # noqa: PLR2004 - the first two
        return MergedLabel(mean, len(values), is_tied=True)
    return MergedLabel(ranked[0][0], len(values))
