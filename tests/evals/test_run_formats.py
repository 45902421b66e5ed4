"""Files that the tools themselves wrote give the cases, scores and statuses that the tools report."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.evals.import_run import identity_of_import, results_of, suite_of
from preceptor.evals.run_format import read_runs, run_formats

FILES = Path(__file__).parent / "other_tools"


def values(run, metric):
    return [sample.scores[metric].value for sample in run.samples() if metric in sample.scores]


def test_inspect_log_gives_its_own_accuracy():
    """Inspect said: accuracy .0625 = 1 of 16 over 8 samples in 2 epochs."""
    (run,) = read_runs(FILES / "inspect_sums.eval")
    assert (run.suite, run.target, run.primary) == ("sums", "mockllm/model", "match")
    assert sum(values(run, "match")) / len(values(run, "match")) == 0.0625
    suite = suite_of(run)
    assert (len(suite.cases), suite.epochs, list(suite.graders)) == (8, 2, ["match", "includes"])
    assert {(one.case_id, one.epoch) for one in results_of(run, suite)} == {
        (f"q{case}", epoch) for case in range(8) for epoch in (1, 2)
    }


def test_inspect_tool_calls_and_scores_with_several_values():
    (run,) = read_runs(FILES / "inspect_tools.eval")
    first = next(run.samples())
    assert [turn.role for turn in first.transcript] == ["assistant", "tool", "assistant"]
    call = first.transcript[0].tool_calls[0]
    assert (call.name, json.loads(call.arguments)) == ("add", {"x": 0, "y": 0})
    assert first.output == "It is 0"
    assert {name: score.value for name, score in first.scores.items()} == {"match": 1, "two.a": 1, "two.b": 0}


def test_a_crashed_inspect_run_counts_what_was_not_reached():
    """Killed at q30 of 40: 30 samples are finished, ten are named by the log only."""
    (run,) = read_runs(FILES / "inspect_crashed.eval")
    assert Counter(sample.status for sample in run.samples()) == {"ok": 30, "skipped": 10}
    assert run.settings["status"] == "crashed"


def test_lm_eval_pairs_by_document_and_keeps_filters_apart():
    path = next(FILES.glob("samples_caps_*.jsonl"))
    (run,) = read_runs(path)
    assert (run.suite, run.target, run.settings["tool_version"]) == ("caps", "dummy", "0.4.13")
    samples = list(run.samples())
    assert set(samples[0].scores) == {"exact_match.strict", "exact_match.flexible"}
    ids = [sample.case.id for sample in samples]
    assert len(ids) == 4
    assert ids[2] == f"{ids[1]}-2"  # the same document stands twice
    assert [sample.case.target for sample in samples] == ["Paris", "Madrid", "Madrid", "4"]


def test_lm_eval_totals_are_no_samples():
    with pytest.raises(InputError, match="totals only; name a samples_"):
        read_runs(next(FILES.glob("results_*.json")), "lm_eval")


def test_promptfoo_gives_one_run_a_prompt_and_counts_rows_itself():
    plain, polite = sorted(read_runs(FILES / "promptfoo.json"), key=lambda run: run.target)
    assert (plain.target, polite.target) == ("echo / Say {{thing}}", "echo / Say {{thing}} politely")
    assert (values(plain, "pass"), values(polite, "pass")) == ([0, 1], [1, 0])
    assert values(polite, "polite") == [1]
    assert {one.case.id for one in plain.samples()} == {one.case.id for one in polite.samples()}


def test_promptfoo_tells_errors_from_failed_assertions(tmp_path):
    rows = [
        {"promptIdx": 0, "testIdx": 0, "vars": {"a": 1}, "provider": {"id": "p"}, "response": {"output": "x"},
         "success": False, "score": 0, "failureReason": 1, "error": "Expected y"},
        {"promptIdx": 0, "testIdx": 1, "vars": {"a": 2}, "provider": {"id": "p"}, "success": False, "score": 0,
         "failureReason": 2, "error": "API error: 429"},
    ]  # fmt: skip
    path = tmp_path / "out.json"
    path.write_text(json.dumps({"evalId": "e", "results": {"version": 3, "results": rows, "stats": {"successes": 99}}}))
    (run,) = read_runs(path)
    failed, errored = run.samples()
    assert (failed.status, failed.scores["pass"].value) == ("ok", 0)
    assert (errored.status, errored.scores, errored.error) == ("infra_error", {}, "API error: 429")


def test_openai_evals_records(tmp_path):
    """The shape of `evals/record.py`: a spec, then events, then the final report."""
    event = {"run_id": "r", "created_by": "", "created_at": "2026-01-01"}
    lines = [
        {"spec": {"completion_fns": ["gpt-x"], "eval_name": "capitals.dev.v0", "base_eval": "capitals", "split": "dev"}},
        {**event, "event_id": 0, "sample_id": "c.dev.0", "type": "sampling", "data": {"prompt": "France?", "sampled": ["Paris"]}},
        {**event, "event_id": 1, "sample_id": "c.dev.0", "type": "match", "data": {"correct": True, "expected": "Paris"}},
        {**event, "event_id": 2, "sample_id": "c.dev.1", "type": "match", "data": {"correct": False, "expected": "Rome", "sampled": "Oslo"}},
        {**event, "event_id": 3, "sample_id": "c.dev.2", "type": "error", "data": {"message": "rate limit"}},
        {**event, "event_id": 4, "sample_id": "c.dev.1", "type": "metrics", "data": {"f1": 0.5, "sampled": "Oslo"}},
        {"final_report": {"accuracy": 0.33}},
    ]  # fmt: skip
    path = tmp_path / "records.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (run,) = read_runs(path)
    first, second, third = run.samples()
    assert (first.output, first.scores["match"].value, first.case.target) == ("Paris", 1, "Paris")
    assert (second.output, second.scores["match"].value, second.scores["f1"].value) == ("Oslo", 0, 0.5)
    assert (third.status, third.scores) == ("infra_error", {})


def test_rows_with_nan_and_missing_scores(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,score.exact,score.f1,slice,error\na,1,0.5,x,\nb,,0.25,x,\nc,,,y,timed out\n")
    (run,) = read_runs(path)
    assert values(run, "exact") == [1, None]
    assert values(run, "f1") == [0.5, 0.25]
    assert [sample.status for sample in run.samples()] == ["ok", "ok", "infra_error"]
    with pytest.raises(InputError, match=r"mine\.csv:5: id 'a' stands twice"):
        path.write_text(path.read_text() + "a,1,1,x,\n")
        suite_of(read_runs(path)[0])


def test_nan_of_a_tool_is_a_missing_score(tmp_path):
    path = tmp_path / "samples_t_2026-01-01T00-00-00.1.jsonl"
    row = {
        "doc_id": 0,
        "doc_hash": "ab" * 32,
        "filter": "none",
        "filtered_resps": ["x"],
        "metrics": ["acc"],
        "acc": float("nan"),
    }
    path.write_text(json.dumps(row) + "\n")
    (sample,) = read_runs(path)[0].samples()
    assert (sample.scores["acc"].value, sample.scores["acc"].reason) == (None, "no score was recorded")


def test_two_models_on_one_benchmark_have_the_same_cases(tmp_path):
    runs = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.jsonl"
        path.write_text('{"id": "1", "score": 1}\n{"id": "2", "score": 0}\n')
        runs.append(read_runs(path)[0])
    first, second = (identity_of_import(run, suite_of(run)) for run in runs)
    assert (first.cases, first.graders) == (second.cases, second.graders)
    assert first.target != second.target


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.eval", b"PK\x03\x04 cut off", "no readable zip archive"),
        ("x.json", b'{"version": 2, "eval": {"task": ', "not JSON"),
        ("x.bin", b"\x00\x01", "is of no known format"),
        ("x.jsonl", b'{"spec": {"completion_fns": []}}\n', "no record of a sample"),
        ("x.json", b'{"version": 2, "eval": {"task": "t"}, "samples": []}', "has no case; did the run finish?"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=says):
        suite_of(read_runs(path)[0])


def test_a_member_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("preceptor.evals.zip_members.MAX_MEMBER_BYTES", 1000)
    path = tmp_path / "bomb.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", " " * 100_000)
    with pytest.raises(InputError, match="member 'header.json' is larger than 1,000 bytes"):
        read_runs(path)


def test_a_file_that_is_not_there():
    with pytest.raises(NotFoundError, match="no file"):
        read_runs(Path("nowhere.eval"), "inspect")


@pytest.mark.parametrize("name", run_formats.names())
@pytest.mark.parametrize(
    "path", sorted(path for path in FILES.iterdir() if path.suffix != ".md"), ids=lambda path: path.name
)
def test_no_format_claims_anothers_file(name, path):
    claims = [other for other in run_formats.names() if run_formats.create(other).recognises(path)]
    assert len(claims) == (0 if path.name.startswith("results_") else 1)
    assert name in run_formats.names()


@pytest.mark.parametrize("epoch", [10**400, 30_000_000, 0, "x"])
def test_an_epoch_that_is_none_is_refused(tmp_path, epoch):
    path = tmp_path / "log.json"
    log = {"version": 2, "eval": {"task": "t"}, "samples": [{"id": 1, "epoch": epoch, "scores": {"m": {"value": 1}}}]}
    path.write_text(json.dumps(log))
    with pytest.raises(InputError, match="write a whole number from 1 to 10,000"):
        suite_of(read_runs(path)[0])


def test_a_score_too_large_for_a_number_is_no_score(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"id": "a", "scores": {{"m": 1{"0" * 400}}}}}\n{{"id": "b", "scores": {{"m": 1}}}}\n')
    assert values(read_runs(path)[0], "m") == [None, 1]


def test_another_wanted_answer_is_another_case(tmp_path):
    hashes = []
    for target in ("x", "y"):
        path = tmp_path / f"{target}.jsonl"
        path.write_text(json.dumps({"id": "a", "scores": {"m": 1}, "target": target}) + "\n")
        run = read_runs(path)[0]
        hashes.append(identity_of_import(run, suite_of(run)).cases)
    assert hashes[0] != hashes[1]
