"""Eval runs and the journal of their samples in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from preceptor.core.clock import from_text, to_text
from preceptor.core.errors import NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.core.registry import PluginIdentity
from preceptor.evals.types import EvalRun, RunIdentity, SampleResult
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, Usage
from preceptor.storage.database import JsonText, metadata

ROWS_A_FETCH = 500
NO_USAGE = Usage()

eval_runs = Table(
    "eval_runs",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("suite", String(200), nullable=False),
    Column("target", String(200), nullable=False),
    Column("identity", JsonText, nullable=False),
    Column("primary_metric", String(100), nullable=False),
    Column("num_cases", Integer, nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("finished_at", String(40)),
    Column("settings", JsonText, nullable=False),
)

eval_samples = Table(
    "eval_samples",
    metadata,
    Column("run_id", String(100), ForeignKey("eval_runs.id"), primary_key=True),
    Column("case_id", String(200), primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("status", String(20), nullable=False),
    Column("output", Text),
    Column("scores", JsonText, nullable=False),
    Column("error", Text, nullable=False),
    Column("usage", JsonText, nullable=False),
    Column("latency_seconds", Float),
    Column("transcript", JsonText, nullable=False),
    Column("num_steps", Integer, nullable=False),
    Column("stop_reason", Text, nullable=False),
    Column("is_cached", Boolean, nullable=False),
)


@dataclass(frozen=True)
class RunStore:
    """Eval runs on one connection."""

    connection: Connection

    def add(self, run: EvalRun) -> None:
        """Keep a new run; ConflictError when its id is taken."""
        row = {
            "id": run.id,
            "suite": run.suite,
            "target": run.target,
            "identity": plain_object(run.identity),
            "primary_metric": run.primary,
            "num_cases": run.num_cases,
            "started_at": to_text(run.started_at),
            "finished_at": to_text(run.finished_at) if run.finished_at else None,
            "settings": run.settings,
        }
        self.connection.execute(insert(eval_runs), [row])

    def get(self, run_id: str) -> EvalRun:
        """The run; NotFoundError when there is none."""
        run = self.find(run_id)
        if run is None:
            raise NotFoundError(f"no eval run {run_id!r}; list them to see their ids")
        return run

    def find(self, run_id: str) -> EvalRun | None:
        """The run, or None."""
        return self._find_first(select(eval_runs).where(eval_runs.c.id == run_id))

    def find_unfinished(self, identity: RunIdentity) -> EvalRun | None:
        """The newest run of these cases, graders and target that was not finished, or None."""
        query = select(eval_runs).where(
            eval_runs.c.identity == plain_object(identity), eval_runs.c.finished_at.is_(None)
        )
        return self._find_first(query.order_by(eval_runs.c.id.desc()).limit(1))

    def find_finished(self, identity: RunIdentity) -> EvalRun | None:
        """The newest finished run of these cases, graders and target, or None."""
        query = select(eval_runs).where(
            eval_runs.c.identity == plain_object(identity), eval_runs.c.finished_at.is_not(None)
        )
        return self._find_first(query.order_by(eval_runs.c.id.desc()).limit(1))

    def finish(self, run_id: str, at: datetime) -> EvalRun:
        """The run as finished at this moment; one that is finished already keeps its moment."""
        open_run = (eval_runs.c.id == run_id) & eval_runs.c.finished_at.is_(None)
        self.connection.execute(update(eval_runs).where(open_run).values(finished_at=to_text(at)))
        return self.get(run_id)

    def list_newest(
        self, *, suite: str | None = None, cursor: str | None = None, limit: int = DEFAULT_PAGE_SIZE
    ) -> Page[EvalRun]:
        """One page of runs (of one suite), the newest first; `cursor` is where the page before ended."""
        query = select(eval_runs).order_by(eval_runs.c.id.desc()).limit(limit + 1)
        if suite is not None:
            query = query.where(eval_runs.c.suite == suite)
        if cursor is not None:
            query = query.where(eval_runs.c.id < cursor)
        runs = [_run(row) for row in self.connection.execute(query)]
        return Page(items=runs[:limit], next_cursor=runs[limit - 1].id if len(runs) > limit else None)

    def _find_first(self, query: Select[Any]) -> EvalRun | None:
        row = self.connection.execute(query).first()
        return _run(row) if row else None


@dataclass(frozen=True)
class SampleStore:
    """The journal of runs on one connection: one result a run, case and epoch."""

    connection: Connection

    def add_many(self, run_id: str, results: Sequence[SampleResult]) -> None:
        """Keep the results; writing the same one twice keeps one.

        A result that is there stays, except one that is worth another try (`infra_error`,
        `grader_error`): the new one takes its place. The graders are not repeated in every
        row: they are those in the run's settings.
        """
        if results:
            statement = _KEEP[self.connection.dialect.name]
            self.connection.execute(statement, [_sample_row(run_id, result) for result in results])

    def iter_for_run(self, run_id: str) -> Iterator[SampleResult]:
        """The results of a run ordered by case id and epoch; NotFoundError when there is no such run."""
        graders = run_graders(RunStore(self.connection).get(run_id))
        query = select(eval_samples).where(eval_samples.c.run_id == run_id)
        query = query.order_by(eval_samples.c.case_id, eval_samples.c.epoch)
        for row in self.connection.execute(query.execution_options(yield_per=ROWS_A_FETCH)):
            yield _sample(row, graders)

    def done_samples(self, run_id: str) -> frozenset[tuple[str, int]]:
        """Case and epoch of each sample that need not be asked again: all but those with an `infra_error`."""
        query = select(eval_samples.c.case_id, eval_samples.c.epoch).where(
            eval_samples.c.run_id == run_id, eval_samples.c.status != "infra_error"
        )
        return frozenset((row.case_id, row.epoch) for row in self.connection.execute(query))


def run_graders(run: EvalRun) -> dict[str, PluginIdentity]:
    """The grader behind each metric of a run, as written in its settings when it began."""
    written = cast("Mapping[str, dict[str, Any]]", run.settings.get("graders", {}))
    return {metric: PluginIdentity(**identity) for metric, identity in written.items()}


def _run(row: Row[Any]) -> EvalRun:
    return EvalRun(
        id=row.id,
        suite=row.suite,
        target=row.target,
        identity=RunIdentity(**row.identity),
        primary=row.primary_metric,
        num_cases=row.num_cases,
        started_at=from_text(row.started_at),
        finished_at=from_text(row.finished_at) if row.finished_at else None,
        settings=row.settings,
    )


def _keep(dialect_insert: Callable[[Table], postgresql.Insert | sqlite.Insert]) -> postgresql.Insert | sqlite.Insert:
    """The statement of `add_many`, made once: making it takes longer than running it."""
    key = ("run_id", "case_id", "epoch")
    # What `_sample_row` gives is JSON text already; Text keeps it from being encoded again.
    values = {column.name: bindparam(column.name, type_=_bound_type(column)) for column in eval_samples.c}
    statement = dialect_insert(eval_samples).values(values)
    return statement.on_conflict_do_update(
        index_elements=list(key),
        set_={column.name: statement.excluded[column.name] for column in eval_samples.c if column.name not in key},
        where=or_(eval_samples.c.status == "infra_error", eval_samples.c.status == "grader_error"),
    )


def _bound_type(column: Column[Any]) -> TypeEngine[Any]:
    return Text() if isinstance(column.type, JsonText) else column.type


_KEEP = {"sqlite": _keep(sqlite.insert), "postgresql": _keep(postgresql.insert)}


def _sample_row(run_id: str, result: SampleResult) -> dict[str, object]:
    return {
        "run_id": run_id,
        "case_id": result.case_id,
        "status": result.status,
        "output": result.output,
        "scores": _json_text([_score_row(score) for score in result.scores]),
        "error": result.error,
        "usage": _json_text(result.usage),
        "latency_seconds": result.latency_seconds,
        "epoch": result.epoch,
        "transcript": _json_text(result.transcript) if result.transcript else "[]",
        "num_steps": result.num_steps,
        "stop_reason": result.stop_reason,
        "is_cached": result.is_cached,
    }


def _json_text(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode("utf-8")


def _score_row(score: MetricScore) -> dict[str, object]:
    """What differs from sample to sample; what says nothing is left out."""
    row: dict[str, object] = {
        "metric": score.metric,
        "value": score.value,
        "reason": score.reason,
        "status": score.status,
    }
    if score.details:
        row["details"] = score.details
    if score.usage != NO_USAGE:
        row["usage"] = score.usage
    return row


def _score(row: Mapping[str, Any], graders: Mapping[str, PluginIdentity]) -> MetricScore:
    metric = row["metric"]
    # A dimension of a metric is `<metric>.<dimension>`, from the same grader.
    grader = graders.get(metric) or graders[metric.rpartition(".")[0]]
    return MetricScore(**{**row, "usage": Usage(**row.get("usage", {}))}, grader=grader)


def _sample(row: Row[Any], graders: Mapping[str, PluginIdentity]) -> SampleResult:
    return SampleResult(
        case_id=row.case_id,
        status=row.status,
        output=row.output,
        scores=tuple(_score(score, graders) for score in row.scores),
        error=row.error,
        usage=Usage(**row.usage),
        latency_seconds=row.latency_seconds,
        epoch=row.epoch,
        transcript=msgspec.convert(row.transcript, type=tuple[Message, ...]),
        num_steps=row.num_steps,
        stop_reason=row.stop_reason,
        is_cached=row.is_cached,
    )
