"""What we write, we read back: the same cases, answers, scores and statuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from preceptor.evals.import_run import identity_of_import, results_of, suite_of
from preceptor.evals.run_exporter import RunToExport, export_run, run_exporters
from preceptor.evals.run_format import read_runs
from preceptor.evals.types import EvalRun

FILES = Path(__file__).parent / "other_tools"


@pytest.mark.parametrize("source", ["inspect_tools.eval", "inspect_crashed.eval", "promptfoo.json"])
@pytest.mark.parametrize("exporter", run_exporters.names())
def test_round_trip(tmp_path, clock, source, exporter):
    moment = clock()
    before = read_runs(FILES / source)[0]
    suite = suite_of(before)
    run = EvalRun(
        id="run_1",
        suite=suite.name,
        target=before.target,
        identity=identity_of_import(before, suite),
        primary=suite.primary,
        num_cases=len(suite.cases),
        started_at=moment,
        finished_at=moment,
        settings={"imported": {"model": before.model}},
    )
    path = tmp_path / ("log.json" if exporter == "inspect" else "log.jsonl")
    exported = RunToExport(run=run, suite=suite, results=lambda: results_of(before, suite))
    export_run(exported, run_exporters.create(exporter), path)
    after = read_runs(path)[0]
    old, new = ({one.case.id: one for one in side.samples()} for side in (before, after))
    assert new.keys() == old.keys()
    for name, sample in old.items():
        assert (new[name].output or "") == (sample.output or "")
        assert {key: score.value for key, score in new[name].scores.items()} == {
            key: score.value for key, score in sample.scores.items()
        }
        assert (new[name].status == "ok") == (sample.status == "ok")
