"""Every format of other tools' runs and cases: documented, and no file breaks it but by an error of ours."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preceptor.core.errors import PreceptorError
from preceptor.evals.import_run import results_of, suite_of
from preceptor.evals.run_exporter import run_exporters
from preceptor.evals.run_format import run_formats
from preceptor.evals.suite_format import suite_formats

# The words of the formats, so that what is drawn gets past their first look.
KEYS = st.sampled_from(
    ["id", "epoch", "input", "target", "messages", "output", "choices", "message", "content", "completion", "scores", "value",
     "score", "error", "metadata", "model_usage", "tool_calls", "function", "arguments", "role", "eval", "task", "version",
     "samples", "results", "promptIdx", "testIdx", "vars", "provider", "prompt", "raw", "response", "namedScores", "success",
     "failureReason", "doc_id", "doc_hash", "filter", "metrics", "acc", "filtered_resps", "resps", "spec", "sample_id", "type",
     "data", "correct", "sampled", "ideal", "prompts", "tests", "assert", "weight", "dataset", "sample_ids", "attachments"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.sampled_from(["C", "user", "match", "x\x00y", "\u202e", ""])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)
ROWS = st.lists(st.dictionaries(KEYS, VALUES, max_size=8), min_size=1, max_size=3)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_each_is_a_documented_frozen_dataclass():
    for registry in (run_formats, run_exporters, suite_formats):
        for name in registry.names():
            cls = registry.get(name)
            assert cls.__doc__
            assert dataclasses.is_dataclass(cls)
            assert cls.__dataclass_params__.frozen
            assert cls.version >= 1


@pytest.mark.parametrize("name", run_formats.names())
@given(rows=ROWS, is_lines=st.booleans())
@MANY
def test_no_file_breaks_a_run_format(name, rows, is_lines, tmp_path):
    path = tmp_path / "file.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) if is_lines else json.dumps(rows[0]))
    made = run_formats.create(name)
    made.recognises(path)
    with suppress(PreceptorError):
        for run in made.read(path):
            suite = suite_of(run)
            results = list(results_of(run, suite))
            assert all(score.metric in suite.graders for result in results for score in result.scores)


@pytest.mark.parametrize("name", suite_formats.names())
@given(value=st.dictionaries(KEYS, VALUES, max_size=8))
@MANY
def test_no_file_breaks_a_suite_format(name, value, tmp_path):
    path = tmp_path / ("file.jsonl" if name == "openai_evals" else "file.yaml")
    path.write_text(json.dumps(value))
    with suppress(PreceptorError):
        for found in suite_formats.create(name).read(path):
            assert found.suite.cases
