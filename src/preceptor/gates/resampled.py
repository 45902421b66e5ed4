"""Made-up pairs of runs whose true difference is known, drawn from the scores of real ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import NamedTuple

import numpy as np

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.types import Evidence, JudgeEvidence


class Scale(NamedTuple):
    """The lowest and the highest score of a metric."""

    low: float
    high: float


class Move(NamedTuple):
    """Change the candidate's true mean of one metric by `change`, on that scale."""

    metric: str
    change: float
    scale: Scale


class _Drawn(NamedTuple):
    """A case of the evidence under the id it has in a made-up pair; swapped: its two sides change places."""

    case: str
    id: str
    cluster: str
    is_swapped: bool
    is_moved: bool


@dataclass(frozen=True, kw_only=True)
class Resampler:
    """The units (cases, or clusters of cases) that pairs are drawn from."""

    evidence: Evidence
    units: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, evidence: Evidence) -> Resampler:
        """One for the evidence; InputError when it has no scores of its primary metric."""
        rows = [*evidence.baseline.get(evidence.primary, ()), *evidence.candidate.get(evidence.primary, ())]
        if not any(row.score is not None for row in rows):
            raise InputError(f"no scores of {evidence.primary!r}; a selftest draws its cases from a run's scores")
        clusters: dict[str, str | None] = {}
        for row in rows:
            clusters[row.id] = clusters.get(row.id) or row.cluster
        units: dict[tuple[str, str], list[str]] = {}
        for case, cluster in clusters.items():
            units.setdefault(("case", case) if cluster is None else ("cluster", cluster), []).append(case)
        return cls(evidence=evidence, units=tuple(tuple(unit) for unit in units.values()))

    def mean(self, metric: str) -> float | None:
        """The mean of both sides' scores: that of either side of a pair without difference."""
        sides = (self.evidence.baseline.get(metric, ()), self.evidence.candidate.get(metric, ()))
        scores = [row.score for rows in sides for row in rows if row.score is not None]
        return fmean(scores) if scores else None

    def chance_of_move(self, move: Move) -> float | None:
        """How many of the units must fall to the lowest score, or rise to the highest; None where it cannot be."""
        mean = self.mean(move.metric)
        room = None if mean is None else (mean - move.scale.low if move.change < 0 else move.scale.high - mean)
        if room is None or (room <= 0 and move.change != 0):
            return None
        chance = abs(move.change) / room if move.change else 0.0
        return chance if chance <= 1 else None

    def draw(self, rng: np.random.Generator, move: Move | None = None) -> Evidence:
        """A pair of runs of as many units, drawn with replacement, and without a difference but the move's.

        The two sides of each unit change places with a chance of one half. For a move, a unit of
        the candidate falls to the lowest score, or rises to the highest, with the chance that
        moves the mean by that much.
        """
        chance = 0.0 if move is None else self.chance_of_move(move) or 0.0
        num_units = len(self.units)
        chosen = rng.integers(0, num_units, num_units).tolist()
        swapped, moved = rng.integers(0, 2, num_units).astype(bool).tolist(), (rng.random(num_units) < chance).tolist()
        drawn = [
            _Drawn(case, f"{number}.{case}", str(number), swapped[number], moved[number])
            for number, unit in enumerate(chosen)
            for case in self.units[unit]
        ]
        return self._evidence(drawn, move)

    def _evidence(self, drawn: Sequence[_Drawn], move: Move | None) -> Evidence:
        given = self.evidence
        sides: tuple[dict[str, list[ScoreRow]], dict[str, list[ScoreRow]]] = ({}, {})
        for metric in {**given.baseline, **given.candidate}:
            by_case = [{row.id: row for row in side.get(metric, ())} for side in (given.baseline, given.candidate)]
            for is_candidate, side in enumerate(sides):
                here = move if is_candidate and move and move.metric == metric else None
                rows = [_row(by_case[one.is_swapped ^ is_candidate].get(one.case), one, here) for one in drawn]
                side[metric] = [row for row in rows if row is not None]
        return replace(
            given,
            baseline=sides[0],
            candidate=sides[1],
            candidate_facts=given.baseline_facts,
            judges={metric: _judge(one, metric, drawn, move) for metric, one in given.judges.items()},
            waivers=(),
        )


def _row(row: ScoreRow | None, drawn: _Drawn, move: Move | None) -> ScoreRow | None:
    if row is None:
        return None
    score = row.score if row.score is None else _moved(row.score, drawn, move)
    return replace(row, id=drawn.id, score=score, cluster=None if row.cluster is None else drawn.cluster)


def _judge(judge: JudgeEvidence, metric: str, drawn: Sequence[_Drawn], move: Move | None) -> JudgeEvidence:
    """People's labels go where their case goes, and fall where it falls."""
    sides: list[Mapping[str, float]] = [judge.baseline_labels, judge.candidate_labels]
    labels: list[dict[str, float]] = []
    for is_candidate in (False, True):
        here = move if is_candidate and move and move.metric == metric else None
        label_of = [(one, sides[one.is_swapped ^ is_candidate].get(one.case)) for one in drawn]
        labels.append({one.id: _moved(label, one, here) for one, label in label_of if label is not None})
    return replace(judge, baseline_labels=labels[0], candidate_labels=labels[1])


def _moved(score: float, drawn: _Drawn, move: Move | None) -> float:
    if move is None or not drawn.is_moved:
        return score
    return move.scale.low if move.change < 0 else move.scale.high
