"""Plain JSONL: a row a case and epoch, read back by `preceptor compare`, `gate` and `eval import`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.evals.run_exporter import RunToExport
from preceptor.evals.types import EvalCase, SampleResult


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Everything of each sample that a spreadsheet or a script wants; `score` is that of the primary metric."""

    version: ClassVar[int] = 1

    def lines(self, exported: RunToExport) -> Iterator[str]:
        """One JSON object a line."""
        cases = exported.cases()
        for result in exported.results():
            row = _row(cases[result.case_id], result, exported.run.primary)
            yield json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"


def _row(case: EvalCase, result: SampleResult, primary: str) -> JsonObject:
    scores: JsonObject = {score.metric: score.value for score in result.scores}
    reasons: JsonObject = {score.metric: score.reason for score in result.scores if score.reason}
    return {
        "id": case.id,
        "epoch": result.epoch,
        "score": scores.get(primary),
        "scores": scores,
        "reasons": reasons,
        "status": result.status,
        "error": "" if result.status == "ok" else result.error or result.status,
        "input": case.messages[-1].content if case.messages else "",
        "output": result.output,
        "target": case.target,
        "cluster": case.cluster,
        "slices": [*case.slices],
        "tags": [*case.tags],
        "latency_seconds": result.latency_seconds,
        **plain_object(result.usage),
    }
