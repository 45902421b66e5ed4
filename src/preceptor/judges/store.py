"""Human scores of answers and calibration records of judges in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    insert,
    literal,
    select,
    tuple_,
)

from preceptor.core.clock import from_text, to_text
from preceptor.core.errors import ConflictError, NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.judges.types import Calibration, HumanLabel, HumanScore
from preceptor.storage.database import JsonText, metadata

human_scores = Table(
    "human_scores",
    metadata,
    Column("run_id", String(100), ForeignKey("eval_runs.id"), primary_key=True),
    Column("case_id", String(200), primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("metric", String(200), primary_key=True),
    Column("annotator", String(200), primary_key=True),
    Column("value", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", String(40), nullable=False),
)

judge_calibrations = Table(
    "judge_calibrations",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("judge", String(64), nullable=False, index=True),
    Column("metric", String(200), nullable=False),
    Column("record", JsonText, nullable=False),
    Column("made_at", String(40), nullable=False),
)

ROWS_A_FETCH = 500


@dataclass(frozen=True)
class HumanScoreStore:
    """Human scores on one connection; one a run, case, epoch, metric and annotator."""

    connection: Connection

    def add_many(self, scores: Sequence[HumanScore]) -> int:
        """Keep the scores; how many were new. The runs must be there.

        The same label again changes nothing. Raises ConflictError for another value where one
        is kept already: labels are evidence, and stay.
        """
        new: dict[tuple[str, str, int, str, str], HumanScore] = {}
        for run_id, metric in dict.fromkeys((score.run_id, score.metric) for score in scores):
            kept = {_key(score): score for score in self.iter_for(run_id, metric)}
            for score in scores:
                if (score.run_id, score.metric) != (run_id, metric):
                    continue
                before = kept.setdefault(_key(score), score)
                if before.label.value != score.label.value:
                    raise ConflictError(_says(score, before.label.value))
                if before is score:
                    new[_key(score)] = score
        if new:
            self.connection.execute(insert(human_scores), [_score_row(score) for score in new.values()])
        return len(new)

    def iter_for(self, run_id: str, metric: str) -> Iterator[HumanScore]:
        """The scores of a run's answers under a metric, ordered by case, epoch and annotator."""
        query = select(human_scores).where(human_scores.c.run_id == run_id, human_scores.c.metric == metric)
        query = query.order_by(human_scores.c.case_id, human_scores.c.epoch, human_scores.c.annotator)
        for row in self.connection.execute(query.execution_options(yield_per=ROWS_A_FETCH)):
            yield _score(row)

    def list_metrics(self, run_id: str) -> list[str]:
        """The metrics under which answers of the run have human scores, sorted."""
        query = select(human_scores.c.metric).where(human_scores.c.run_id == run_id).distinct()
        return list(self.connection.execute(query.order_by(human_scores.c.metric)).scalars())


@dataclass(frozen=True)
class CalibrationStore:
    """Calibration records on one connection; they are added, never changed."""

    connection: Connection

    def add(self, calibration: Calibration) -> None:
        """Keep a record; the same one again changes nothing, as its id is the hash of what it says."""
        if self.find(calibration.id) is not None:
            return
        row = {
            "id": calibration.id,
            "judge": calibration.judge,
            "metric": calibration.metric,
            "record": plain_object(calibration),
            "made_at": to_text(calibration.made_at),
        }
        self.connection.execute(insert(judge_calibrations), [row])

    def get(self, calibration_id: str) -> Calibration:
        """The record; NotFoundError when there is none of this id."""
        found = self.find(calibration_id)
        if found is None:
            raise NotFoundError(f"no calibration {calibration_id!r}; list them to see their ids")
        return found

    def find(self, calibration_id: str) -> Calibration | None:
        """The record, or None."""
        query = select(judge_calibrations.c.record).where(judge_calibrations.c.id == calibration_id)
        record = self.connection.execute(query).scalar_one_or_none()
        return None if record is None else _calibration(record)

    def find_newest(self, judge: str) -> Calibration | None:
        """The newest record of the judge with this identity hash (same model, prompt and rubric), or None."""
        query = select(judge_calibrations.c.record).where(judge_calibrations.c.judge == judge)
        order = (judge_calibrations.c.made_at.desc(), judge_calibrations.c.id.desc())
        record = self.connection.execute(query.order_by(*order).limit(1)).scalar_one_or_none()
        return None if record is None else _calibration(record)

    def list_newest(
        self, *, judge: str | None = None, cursor: str | None = None, limit: int = DEFAULT_PAGE_SIZE
    ) -> Page[Calibration]:
        """One page (of one judge), the newest first, equal moments by id; `cursor` is where the page before ended."""
        table = judge_calibrations.c
        query = select(table.record).order_by(table.made_at.desc(), table.id.desc()).limit(limit + 1)
        if judge is not None:
            query = query.where(table.judge == judge)
        if cursor is not None:
            seen = select(table.made_at).where(table.id == cursor).scalar_subquery()
            query = query.where(tuple_(table.made_at, table.id) < tuple_(seen, literal(cursor)))
        found = [_calibration(record) for record in self.connection.execute(query).scalars()]
        return Page(items=found[:limit], next_cursor=found[limit - 1].id if len(found) > limit else None)


def _key(score: HumanScore) -> tuple[str, str, int, str, str]:
    return score.run_id, score.label.case_id, score.label.epoch, score.metric, score.label.annotator


def _says(score: HumanScore, before: float) -> str:
    label = score.label
    whose = f"by {label.annotator!r}" if label.annotator else "without an annotator"
    which = f"the label of case {label.case_id!r}, epoch {label.epoch}, {score.metric!r} {whose}"
    return f"{which} is {before:g} already, not {label.value:g}; labels stay, give a second one its own annotator"


def _score_row(score: HumanScore) -> dict[str, object]:
    return {
        "run_id": score.run_id,
        "case_id": score.label.case_id,
        "epoch": score.label.epoch,
        "metric": score.metric,
        "annotator": score.label.annotator,
        "value": score.label.value,
        "reason": score.label.reason,
        "made_at": to_text(score.made_at),
    }


def _score(row: Row[Any]) -> HumanScore:
    label = HumanLabel(
        case_id=row.case_id, value=row.value, epoch=row.epoch, annotator=row.annotator, reason=row.reason
    )
    return HumanScore(run_id=row.run_id, metric=row.metric, label=label, made_at=from_text(row.made_at))


def _calibration(record: object) -> Calibration:
    """The record as it was written."""
    return msgspec.convert(record, type=Calibration)
