"""What finished eval runs say, read from the stores: the suite as it was, and a score a case."""

from __future__ import annotations

from sqlalchemy import Connection

from preceptor.evals.comparable import require_comparable
from preceptor.evals.coverage import score_rows
from preceptor.evals.kept_suite import suite_from_bytes
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import EvalRun, ScoreRow, Suite
from preceptor.storage.blobs import BlobStore


def kept_suite(blobs: BlobStore, run: EvalRun) -> Suite:
    """The suite of a run, as it was when the run began."""
    return suite_from_bytes(blobs.get(str(run.settings["suite"])))


def comparable_runs(connection: Connection, baseline_id: str, candidate_id: str) -> tuple[EvalRun, EvalRun]:
    """Two finished runs of the same cases and graders; ConflictError for others, NotFoundError for none."""
    baseline, candidate = RunStore(connection).get(baseline_id), RunStore(connection).get(candidate_id)
    require_comparable(baseline, candidate)
    return baseline, candidate


def kept_rows(connection: Connection, blobs: BlobStore, run: EvalRun, metric: str) -> list[ScoreRow]:
    """One row for every case of the run's suite, in its order."""
    return score_rows(kept_suite(blobs, run), SampleStore(connection).iter_for_run(run.id), metric)
