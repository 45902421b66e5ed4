"""A recipe becomes a version: steps in their order, in few passes, with what each found."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import ConflictError, InputError, NotFoundError
from preceptor.datasets import build_read, gathered, sorted_shards
from preceptor.datasets.build import BuildInputs, BuildPlace, Built, build
from preceptor.datasets.build_job import BuildTools, sole_job
from preceptor.datasets.build_plan import plan_passes
from preceptor.datasets.check import CheckContext
from preceptor.datasets.executor import make_executor
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.progress import StageProgress
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.recipe import load_recipe, recipe_steps
from preceptor.datasets.source import SourceContext
from preceptor.datasets.types import DatasetVersion, Refused
from preceptor.datasets.verify_version import verify_version


def row(prompt: str, answer: str, **more) -> dict:
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}], **more}


def rows(count: int) -> list[dict]:
    """Ten words a prompt that no other record shares, by its number."""
    return [row(" ".join(f"w{place}x{word}" for word in range(10)), f"answer {place}") for place in range(count)]


def write(path: Path, lines: list[dict]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture
def run(tmp_path, clock):
    """Builds a recipe written in YAML; files stand in `tmp_path`."""
    nothing = CheckContext()

    def run(text: str, *, progress=lambda _: None, context=nothing, withdrawn=frozenset(), **sources) -> Built:
        recipe = load_recipe(parse_document(text, "recipe.yaml"))
        folder = tmp_path / "datasets"
        given = find_sources(recipe, SourceContext(folder=tmp_path, **sources), folder)
        inputs = BuildInputs(sources=given, context=context, withdrawn=withdrawn)
        tools = BuildTools(executor=make_executor(), progress=progress)
        return build(recipe, inputs, BuildPlace(folder=folder, tools=tools, clock=clock))

    return run


def texts(built: Built) -> set[str]:
    return {record.messages[-1].content for record in read_version_records(Path(built.outcome.folder))}


SIMPLE = "{name: d, sources: [{kind: files, paths: [a.jsonl]}], steps: [%s]}"


def test_a_version_holds_what_the_files_held(run, tmp_path):
    write(tmp_path / "a.jsonl", rows(20))
    built = run(SIMPLE % "{kind: schema}")
    assert isinstance(built.outcome, DatasetVersion)
    assert texts(built) == {f"answer {place}" for place in range(20)}
    (source,) = built.outcome.manifest.sources
    assert (source.name, source.num_rows, source.num_bad, source.num_left_out) == ("a.jsonl", 20, 0, 0)
    assert verify_version(Path(built.outcome.folder)) == ()
    assert list((tmp_path / "datasets" / ".builds").iterdir()) == []


def test_the_same_inputs_give_the_same_id_and_bytes_in_another_place(run, tmp_path, monkeypatch):
    """Neither the size of batches nor that of parts shows in what is committed."""
    write(tmp_path / "a.jsonl", rows(300) + rows(40))
    steps = "{kind: exact_duplicate, fix: true}, {kind: split_leakage}, {kind: sample, share: 0.5}"
    first = run(SIMPLE % steps).outcome
    files = {path.name: path.read_bytes() for path in Path(first.folder).rglob("*") if path.is_file()}
    Path(first.folder).rename(tmp_path / "aside")
    monkeypatch.setattr(build_read, "BATCH_RECORDS", 7)
    monkeypatch.setattr(build_read, "SHARD_RECORDS", 50)
    monkeypatch.setattr(sorted_shards, "ROWS_A_PART", 30)
    monkeypatch.setattr(gathered, "ROWS_A_PART", 40)
    second = run(SIMPLE % steps).outcome
    assert second.id == first.id
    assert {path.name: path.read_bytes() for path in Path(second.folder).rglob("*") if path.is_file()} == files


def test_a_fix_leaves_out_what_was_found_and_the_next_check_does_not_see_it(run, tmp_path):
    write(tmp_path / "a.jsonl", [*rows(5), rows(1)[0], {"messages": [{"role": "user", "content": "no answer"}]}])
    built = run(SIMPLE % "{kind: schema, fix: true}, {kind: exact_duplicate, fix: true}, {kind: split_leakage}")
    seen = [(one.check, one.num_checked, one.num_findings, one.num_fixed) for one in built.outcome.manifest.checks]
    assert seen == [("schema", 7, 1, 1), ("exact_duplicate", 6, 1, 1), ("split_leakage", 5, 0, 0)]
    assert built.outcome.manifest.sources[0].num_left_out == 2
    lines = (Path(built.outcome.folder) / "checks" / "01_exact_duplicate.jsonl").read_text(encoding="utf-8")
    assert json.loads(lines)["evidence"]["kept_index"] == 0


def test_without_a_fix_a_finding_refuses_the_version_and_stays_to_be_read(run, tmp_path):
    write(tmp_path / "a.jsonl", [*rows(5), rows(1)[0]])
    built = run(SIMPLE % "{kind: exact_duplicate}")
    assert isinstance(built.outcome, Refused)
    assert "exact_duplicate to 1" in built.outcome.reason
    assert Path(built.folder).is_dir()
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == [".builds"]


def test_some_findings_may_be_allowed(run, tmp_path):
    write(tmp_path / "a.jsonl", [*rows(9), {"messages": [{"role": "user", "content": "no answer"}]}])
    assert isinstance(run(SIMPLE % "{kind: schema, max_share: 0.05}").outcome, Refused)
    assert isinstance(run(SIMPLE % "{kind: schema, max_share: 0.1}").outcome, DatasetVersion)
    assert isinstance(run(SIMPLE % "{kind: schema, blocks: false}").outcome, DatasetVersion)


def test_eval_cases_are_left_out(run, tmp_path):
    case = "how many of the blue robes take two bolts of fiber in all"
    write(tmp_path / "a.jsonl", [*rows(3), row(f"Please: {case}?", "three")])
    built = run(SIMPLE % "{kind: eval_contamination, fix: true}", context=CheckContext(eval_texts={"robe": case}))
    assert texts(built) == {"answer 0", "answer 1", "answer 2"}


def test_texts_are_normalised_before_copies_are_looked_for(run, tmp_path):
    write(tmp_path / "a.jsonl", [row("Cafe\u0301  please", "ok"), row("Caf\u00e9  please\u00a0", "ok\r\n")])
    built = run(SIMPLE % "{kind: normalise}, {kind: exact_duplicate, fix: true}")
    (record,) = read_version_records(Path(built.outcome.folder))
    assert [turn.content for turn in record.messages] == ["Caf\u00e9  please", "ok"]


def test_a_bad_row_is_reported_with_its_line_and_blocks(run, tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(rows(1)[0]) + '\n{broken\n{"other": 1}\n', encoding="utf-8")
    built = run(SIMPLE % "{kind: schema}")
    assert isinstance(built.outcome, Refused)
    assert built.bad_rows.num_rows == 2
    assert built.bad_rows.first[0].startswith("a.jsonl:2: not JSON")
    assert built.bad_rows.first[1].startswith("a.jsonl:3: has none of messages")


def test_bad_rows_up_to_a_share_are_counted_and_listed(run, tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(rows(1)[0]) + "\n{broken\n", encoding="utf-8")
    text = "{name: d, sources: [{kind: files, paths: [a.jsonl]}], steps: [{kind: schema}], max_bad_share: 0.5}"
    manifest = run(text).outcome.manifest
    assert (manifest.sources[0].num_rows, manifest.sources[0].num_bad, manifest.sources[0].num_left_out) == (2, 1, 0)
    assert "checks/00_readable.jsonl" in manifest.files


def test_a_mixture_keeps_the_ratio_and_caps_what_models_wrote(run, tmp_path):
    """30 to 10 are wanted of 60 and 10: 30 stay of the first, and all 10 of the second.

    8 of these are synthetic; a share of 0.1 of all allows 3 beside 32 real ones.
    """
    write(tmp_path / "a.jsonl", rows(60))
    write(tmp_path / "b.jsonl", [row(f"b{n}", "x", generator="model" if n < 8 else None) for n in range(10)])
    text = """
name: d
sources: [{kind: files, paths: [a.jsonl], name: a}, {kind: files, paths: [b.jsonl], name: b}]
steps: [{kind: schema}]
mixture: {weights: {a: 3, b: 1}, max_synthetic_share: 0.1}
"""
    built = run(text)
    kept = {source.name: source.num_rows - source.num_left_out for source in built.outcome.manifest.sources}
    assert kept == {"a.jsonl": 30, "b.jsonl": 5}
    records = list(read_version_records(Path(built.outcome.folder)))
    assert sum(record.generator is not None for record in records) == 3


def test_a_sample_is_of_the_size_asked_for(run, tmp_path):
    write(tmp_path / "a.jsonl", rows(50))
    assert run(SIMPLE % "{kind: sample, count: 7}").outcome.manifest.num_records == 7


def test_another_version_can_be_a_source(run, tmp_path):
    write(tmp_path / "a.jsonl", rows(8))
    first = run(SIMPLE % "{kind: schema}").outcome
    text = "{name: e, sources: [{kind: version, dataset: d}], steps: [{kind: schema}, {kind: split, keep: true}]}"
    second = run(text, find_version=lambda name: {"d": first}[name]).outcome
    assert second.manifest.parents == (first.id,)
    assert second.manifest.records_hash == first.manifest.records_hash


def test_a_record_is_withdrawn_by_the_id_that_it_had_before_it_was_mended(run, tmp_path):
    """A finding names the id as read; redaction gives another one. Either takes the record out."""
    write(tmp_path / "a.jsonl", [*rows(3), row("mail me", "to ada@company.com please")])
    steps = "{kind: personal_data, fix: true}"
    first = run(SIMPLE % steps).outcome
    (finding,) = first.manifest.checks[0].findings
    kept = {record.id for record in read_version_records(Path(first.folder))}
    assert finding.record_id not in kept
    second = run(SIMPLE % steps, withdrawn=frozenset({finding.record_id})).outcome
    left = {record.id for record in read_version_records(Path(second.folder))}
    assert len(left) == 3
    assert second.manifest.withdrawn == tuple(kept - left)


def test_a_withdrawn_record_is_left_out_and_named(run, tmp_path):
    write(tmp_path / "a.jsonl", rows(3))
    first = run(SIMPLE % "{kind: schema}").outcome
    gone = next(read_version_records(Path(first.folder))).id
    second = run(SIMPLE % "{kind: schema}", withdrawn=frozenset({gone})).outcome
    assert second.manifest.withdrawn == (gone,)
    assert second.manifest.num_records == 2


def test_records_that_stand_twice_are_refused(run, tmp_path):
    write(tmp_path / "a.jsonl", [*rows(3), rows(1)[0]])
    with pytest.raises(InputError, match="stands 2 times"):
        run(SIMPLE % "{kind: schema}")


def test_a_source_that_is_not_there_is_named(run):
    with pytest.raises(NotFoundError, match="no file 'a.jsonl'"):
        run(SIMPLE % "{kind: schema}")


def test_nothing_left_is_no_version(run, tmp_path):
    write(tmp_path / "a.jsonl", [{"messages": [{"role": "user", "content": "no answer"}]}])
    with pytest.raises(InputError, match="has no records"):
        run(SIMPLE % "{kind: schema, fix: true}")


def test_fields_of_other_names_are_mapped_and_what_rows_lack_is_filled_in(run, tmp_path):
    write(tmp_path / "a.jsonl", [{"question": "q", "reply": "a", "licence": "MIT"}, {"question": "r", "reply": "b"}])
    text = """
name: d
sources: [{kind: files, paths: ["*.jsonl"], fields: {prompt: question, completion: reply}, licence: CC0-1.0, language: en}]
steps: [{kind: schema}]
"""
    records = {record.messages[0].content: record for record in read_version_records(Path(run(text).outcome.folder))}
    assert {name: (record.licence, record.language) for name, record in records.items()} == {
        "q": ("MIT", "en"),
        "r": ("CC0-1.0", "en"),
    }


def test_progress_tells_each_stage_and_its_records(run, tmp_path):
    write(tmp_path / "a.jsonl", rows(30))
    told: list[StageProgress] = []
    run(SIMPLE % "{kind: exact_duplicate, fix: true}", progress=told.append)
    finished = [(one.stage, one.num_done) for one in told if one.is_finished]
    assert finished == [("read", 30), ("exact_duplicate", 30), ("split", 30), ("commit", 30)]


def test_two_processes_do_not_build_the_same_job(tmp_path):
    tools = BuildTools(executor=make_executor())
    with (
        sole_job(tmp_path, "d", "1", tools),
        pytest.raises(ConflictError, match="another process works on"),
        sole_job(tmp_path, "d", "1", tools),
    ):
        pass


def test_steps_share_a_pass_until_one_must_have_seen_all_records():
    text = """
name: d
sources: [{kind: files, paths: [a]}]
steps:
  - {kind: normalise}
  - {kind: schema, fix: true}
  - {kind: exact_duplicate, fix: true}
  - {kind: eval_contamination, fix: true}
  - {kind: split}
  - {kind: split_leakage}
  - {kind: personal_data}
"""
    planned = plan_passes(recipe_steps(load_recipe(parse_document(text, "r.yaml"))))
    assert [[step.kind for _, step in one.steps] for one in planned] == [
        ["normalise", "schema", "exact_duplicate"],
        ["eval_contamination", "split", "split_leakage", "personal_data"],
    ]
    assert [one.changes_records for one in planned] == [True, True]


def test_a_refused_build_that_is_asked_for_again_is_not_worked_out_again(run, tmp_path):
    write(tmp_path / "a.jsonl", [*rows(5), rows(1)[0]])
    run(SIMPLE % "{kind: exact_duplicate}")
    told: list[StageProgress] = []
    again = run(SIMPLE % "{kind: exact_duplicate}", progress=told.append)
    assert isinstance(again.outcome, Refused)
    assert all(one.is_kept for one in told if one.is_finished)


def test_what_changes_the_inputs_begins_anew_and_removes_the_old_job(run, tmp_path):
    write(tmp_path / "a.jsonl", [*rows(5), rows(1)[0]])
    old = run(SIMPLE % "{kind: exact_duplicate}")
    write(tmp_path / "a.jsonl", rows(5))
    assert isinstance(run(SIMPLE % "{kind: exact_duplicate}").outcome, DatasetVersion)
    assert not Path(old.folder).exists()


def test_results_name_the_open_findings_only():
    from preceptor.datasets.types import CheckResult

    result = CheckResult(check="x", version=1, settings={}, num_checked=10, findings=(), num_findings=5, num_fixed=3)
    assert Refused(name="d", failing=(replace(result),)).reason.startswith(
        "dataset 'd' was not committed: checks object to records (x to 2)"
    )
