"""Evidence from files alone: score files, and the runs that other tools wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from preceptor.core.errors import ConflictError, InputError, NotFoundError
from preceptor.core.ids import content_hash
from preceptor.core.rows import Row, iter_rows
from preceptor.evals.coverage import score_rows
from preceptor.evals.import_run import results_of, suite_of
from preceptor.evals.pairing import name_some
from preceptor.evals.run_format import ForeignRun, read_runs, run_formats
from preceptor.evals.score_files import read_score_rows
from preceptor.evals.types import SampleResult, ScoreRow, Suite
from preceptor.gates.figure_rows import figure_rows
from preceptor.gates.types import Evidence, RunFacts

FILE_METRIC = "score"
PLAIN_ROWS = "rows"
TARGET_MARK = "#"
ROW_ENDINGS = frozenset({".jsonl", ".json", ".csv", ".tsv"})


@dataclass(frozen=True, kw_only=True)
class FileSide:
    """One side of a gate as a file holds it; `suite` and `results` are None and empty for a plain score file."""

    rows: Mapping[str, Sequence[ScoreRow]]
    primary: str
    facts: RunFacts
    suite: Suite | None = None
    results: tuple[SampleResult, ...] = ()


def read_side(name: str) -> FileSide:
    """The side in a file: rows of `id` and `score`, or a run of another tool.

    A file with several runs needs `FILE#TARGET`. Raises InputError that lists them, and as the
    file's format does; NotFoundError for no file.
    """
    path, target = _place(name)
    if not path.exists():
        raise NotFoundError(f"no file {str(path)!r}; check the path")
    if _is_score_file(path):
        rows = {FILE_METRIC: read_score_rows(path)}
        return FileSide(rows=rows, primary=FILE_METRIC, facts=RunFacts(run_id=path.name))
    run = _chosen(read_runs(path), target, path)
    suite = suite_of(run)
    results = tuple(results_of(run, suite))
    found = {metric: score_rows(suite, results, metric) for metric in suite.graders}
    facts = RunFacts(
        run_id=path.name,
        sampling=_hash(run.settings.get("sampling")),
        model=run.model,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )
    figures = figure_rows(suite, results)
    return FileSide(rows={**found, **figures}, primary=suite.primary, facts=facts, suite=suite, results=results)


def file_evidence(baseline: FileSide, candidate: FileSide, as_of: datetime | None = None) -> Evidence:
    """The evidence that two files give; the candidate's primary metric is the one read by default.

    Raises ConflictError where the files want different answers to a case of one id.
    """
    _require_same_targets(baseline, candidate)
    return Evidence(
        baseline=baseline.rows,
        candidate=candidate.rows,
        primary=candidate.primary,
        baseline_facts=baseline.facts,
        candidate_facts=candidate.facts,
        as_of=as_of,
    )


def _require_same_targets(baseline: FileSide, candidate: FileSide) -> None:
    if baseline.suite is None or candidate.suite is None:
        return
    wanted = {case.id: case.target for case in baseline.suite.cases if case.target is not None}
    other = [
        case.id
        for case in candidate.suite.cases
        if case.target is not None and case.id in wanted and wanted[case.id] != case.target
    ]
    if other:
        raise ConflictError(
            f"the two files want different answers to the same case: {name_some(other)}; are these runs of one suite?"
        )


def _place(name: str) -> tuple[Path, str]:
    if Path(name).exists() or TARGET_MARK not in name:
        return Path(name), ""
    path, _, target = name.rpartition(TARGET_MARK)
    return Path(path), target


def _is_score_file(path: Path) -> bool:
    """Rows with one `score`: read by the reader that names every bad row; so is what no format knows."""
    if path.suffix.lower() not in ROW_ENDINGS:
        return False
    claims = [other for other in run_formats.names() if run_formats.create(other).recognises(path)]
    if claims != [PLAIN_ROWS]:
        return not claims
    first = next(islice(iter_rows(path), 1))
    others = ("scores", "score.", "epoch")
    return isinstance(first, Row) and not any(name.startswith(others) for name in first.value)


def _chosen(runs: tuple[ForeignRun, ...], target: str, path: Path) -> ForeignRun:
    there = ", ".join(repr(run.target) for run in runs)
    matching = [run for run in runs if not target or run.target == target]
    if len(matching) == 1:
        return matching[0]
    if target and not matching:
        raise InputError(f"{path}: no run of {target!r} in it; there are: {there}")
    raise InputError(f"{path}: holds {len(matching)} runs ({there}); write {path}{TARGET_MARK}TARGET")


def _hash(value: object) -> str:
    return content_hash(value) if value else ""
