"""Compare a judge's scores with human labels of the same answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import numpy as np

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id, plain_object
from preceptor.judges.figures import mean, nothing, share
from preceptor.judges.merge_labels import VERDICTS, MergedLabel, are_verdicts, merge_labels
from preceptor.judges.types import Calibration, Figure, HumanLabel, JudgedAnswer, Probe, SliceFigures
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.agreement import Level, measure_agreement
from preceptor.stats.correlation import rank_correlation
from preceptor.stats.intervals import check_confidence
from preceptor.stats.kappa import cohen_kappa, kappa_interval
from preceptor.stats.types import Interval

DIFFERENCES = Interval(-1.0, 1.0)
FEW_SCORES = len(VERDICTS)


@dataclass(frozen=True, kw_only=True)
class CalibrationPlan:
    """Which judge is compared (`judge` is its grader's identity hash), and from which score on an answer is good."""

    judge: str
    metric: str
    threshold: float = 0.5
    confidence: float = 0.95

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if not 0 < self.threshold <= 1:
            raise InputError(f"threshold is {self.threshold!r}; write a score above 0 and up to 1, such as 0.5")


class Compared(NamedTuple):
    """One answer with what the judge and what people say of it."""

    answer: JudgedAnswer
    judged: float
    label: float
    num_annotators: int

    @property
    def error(self) -> float:
        """Judge minus people."""
        return self.judged - self.label


def calibrate(
    answers: Sequence[JudgedAnswer],
    labels: Sequence[HumanLabel],
    plan: CalibrationPlan,
    made_at: datetime,
    probes: Sequence[Probe] = (),
) -> Calibration:
    """The record of how far the judge agrees with people; its id is the hash of what it says.

    Answers and labels meet by case and epoch; labels of other answers are passed over. Several
    annotators of an answer count as one label (`merge_labels`). Scores that are all 0, 0.5 or
    1 (verdicts of pairs) are compared as three categories, others as good or not by the
    threshold. Raises InputError for an answer that stands twice, and when no answer has both
    a score and a label.
    """
    found = match_labels(answers, labels)
    if not found.compared:
        raise InputError("no answer has both a score of the judge and a human label; are these the same cases?")
    both, clusters = found.compared, [one.answer.cluster for one in found.compared]
    categories, code = _categories(both, plan.threshold)
    table = np.zeros((len(categories), len(categories)), np.int64)
    np.add.at(table, ([code(one.label) for one in both], [code(one.judged) for one in both]), 1)
    record = Calibration(
        id="",
        judge=plan.judge,
        metric=plan.metric,
        num_labels=len(both),
        num_without_score=found.num_without_score,
        num_tied=found.num_tied,
        num_annotators=len({label.annotator for label in labels}),
        threshold=plan.threshold,
        confidence=plan.confidence,
        categories=categories,
        confusion=tuple(tuple(int(count) for count in row) for row in table),
        agreement=_kappa(table, plan.confidence),
        accuracy=share([code(one.label) == code(one.judged) for one in both], clusters, plan.confidence, "answers"),
        sensitivity=_right(both, plan, is_good=True),
        specificity=_right(both, plan, is_good=False),
        bias=mean([one.error for one in both], clusters, plan.confidence, DIFFERENCES, "answers"),
        correlation=_correlation(both, plan.confidence),
        annotator_agreement=_between_annotators(labels, plan.confidence),
        slices=_slices(both, plan),
        probes=tuple(probes),
        made_at=made_at,
    )
    said = {name: value for name, value in plain_object(record).items() if name != "id"}
    return replace(record, id=content_id("calibration", said))


class Matched(NamedTuple):
    """The answers with score and label, and how many of the labelled ones were left out, by why."""

    compared: list[Compared]
    num_without_score: int
    num_tied: int


def match_labels(answers: Sequence[JudgedAnswer], labels: Sequence[HumanLabel]) -> Matched:
    """Each answer with its label, in the order of the answers; InputError for an answer that stands twice."""
    by_answer: dict[tuple[str, int], JudgedAnswer] = {}
    for answer in answers:
        if by_answer.setdefault((answer.case_id, answer.epoch), answer) is not answer:
            raise InputError(f"more than one score of case {answer.case_id!r}, epoch {answer.epoch}; keep one")
    merged = merge_labels(labels)
    labelled = [(answer, merged[key]) for key, answer in by_answer.items() if key in merged]
    compared = [_compared(answer.score, answer, label) for answer, label in labelled if answer.score is not None]
    kept = [one for one in compared if one is not None]
    return Matched(kept, sum(answer.score is None for answer, _ in labelled), len(compared) - len(kept))


def _compared(score: float, answer: JudgedAnswer, label: MergedLabel) -> Compared | None:
    return None if label.is_tied else Compared(answer, score, label.value, label.num_annotators)


def _categories(both: Sequence[Compared], threshold: float) -> tuple[tuple[str, ...], Callable[[float], int]]:
    values = {value for one in both for value in (one.label, one.judged)}
    if values <= VERDICTS and 0.5 in values:  # noqa: PLR2004 - the tie
        return ("worse", "tie", "better"), lambda value: round(2 * value)
    return ("bad", "good"), lambda value: int(value >= threshold)


def _kappa(table: np.ndarray, confidence: float) -> Figure:
    kappa = cohen_kappa(table)
    n = int(table.sum())
    return Figure(value=kappa.value, interval=kappa_interval(table, confidence), n=n, reason=kappa.reason)


def _right(both: Sequence[Compared], plan: CalibrationPlan, *, is_good: bool) -> Figure:
    """How often the judge is right where people find the answer good, or bad."""
    there = [one for one in both if (one.label >= plan.threshold) is is_good]
    claims = [(one.judged >= plan.threshold) is is_good for one in there]
    what = f"answer that people find {'good' if is_good else 'bad'}"
    return share(claims, [one.answer.cluster for one in there], plan.confidence, what)


def _slices(both: Sequence[Compared], plan: CalibrationPlan) -> tuple[SliceFigures, ...]:
    members: dict[str, list[Compared]] = {}
    for one in both:
        for name in dict.fromkeys(one.answer.slices):
            members.setdefault(name, []).append(one)
    return tuple(
        SliceFigures(
            name=name,
            sensitivity=_right(members[name], plan, is_good=True),
            specificity=_right(members[name], plan, is_good=False),
        )
        for name in sorted(members)
    )


def _correlation(both: Sequence[Compared], confidence: float) -> Figure:
    judged, labels = [one.judged for one in both], [one.label for one in both]
    if len({*judged, *labels}) <= FEW_SCORES and {*judged, *labels} <= VERDICTS:
        return nothing("the scores are verdicts, not grades; see the agreement", len(both))
    found = rank_correlation(judged, labels, confidence)
    return Figure(value=found.value, interval=found.interval, n=len(both), reason=found.reason)


def _between_annotators(labels: Sequence[HumanLabel], confidence: float) -> Figure:
    answers = [
        ItemAnswer(item=f"{label.epoch}:{label.case_id}", annotator=label.annotator, value=label.value)
        for label in labels
    ]
    if len({label.annotator for label in labels}) < 2:  # noqa: PLR2004 - agreement is between two
        return nothing("one annotator, so there is no agreement between people to measure", len(answers))
    scale: Level = "nominal" if are_verdicts(labels) else "interval"
    found = measure_agreement(answers, scale=scale, confidence=confidence)
    return Figure(value=found.value, interval=found.interval, n=found.num_items, reason=found.reason)
