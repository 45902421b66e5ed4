"""A recipe is a file or code; mistakes are named with their line, and what it says identifies the version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError
from preceptor.datasets.build import BuildInputs, BuildPlace, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.executor import make_executor
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.fluent import Pipeline
from preceptor.datasets.recipe import Recipe, load_recipe, recipe_hash, recipe_steps
from preceptor.datasets.recipe_governance import RecipeGovernance
from preceptor.datasets.source import SourceContext


def load(text: str) -> Recipe:
    return load_recipe(parse_document(text, "recipe.yaml"))


def kinds(text: str) -> list[str]:
    return [step.kind for step in recipe_steps(load(text))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: d\nsources:\n- kind: files\n  path: a", "recipe.yaml:4: sources[0].path: unknown key 'path'; did you mean 'paths'"),
        ("name: d\nsources:\n- {kind: nosuch}", "recipe.yaml:3: sources[0]: no source named 'nosuch'; there are: files, labels, version"),
        ("name: d\nsources: []", "has no sources; name at least one"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\nsteps:\n- kind: spelling", "recipe.yaml:4: steps[0].kind: no step or check named 'spelling'"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\nsteps:\n- {kind: schema, max_message: 1}", "did you mean 'max_messages'"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\nsteps:\n- {kind: schema,\n   fix: 1}", "recipe.yaml:5: steps[0].fix: is 1; write true or false"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\nsteps: [{kind: schema, max_share: 2}]", "is 2; write a number from 0 to 1"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\nsteps: [{kind: balance, fix: true}]", "only reports: it has no fix"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\nmixture: {weight: {}}", "did you mean 'weights'"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\nsplits: {train: 0.5}", "must lie between 0 and 1 and add up to 1"),
        ("name: d\nsources: [{kind: files, paths: [a]}]\ngovernance: {owners: x}", "did you mean 'owner'"),
        ("name: d\nsources: [{kind: files, paths: []}]", "name at least one file"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(text, said):
    with pytest.raises(InputError) as refused:
        load(text)
    assert said in str(refused.value)


def test_the_form_of_earlier_recipes_is_refused_with_what_to_write():
    with pytest.raises(
        InputError, match=r"recipe.yaml:2: rubric: 'rubric' stood here in earlier recipes; write `sources:"
    ):
        load("name: support\nrubric: category\ntarget: candidate\nchecks: [{kind: schema}]")


def test_splits_come_after_the_last_fix_and_before_the_first_look_at_them():
    """A check that looks at all records alone does not need to wait for the splits."""
    source = "{name: d, sources: [{kind: files, paths: [a]}], steps: [%s]}"
    assert kinds(source % "{kind: schema}, {kind: split_leakage}") == ["schema", "split", "split_leakage"]
    fixed = "{kind: exact_duplicate, fix: true}, {kind: personal_data}"
    assert kinds(source % fixed) == ["exact_duplicate", "split", "personal_data"]
    assert kinds(source % "{kind: split, train: 1, validation: 0, test: 0}, {kind: schema}") == ["split", "schema"]


def test_a_recipe_that_names_no_steps_has_the_usual_checks():
    assert kinds("{name: d, sources: [{kind: files, paths: [a]}]}") == [
        "schema",
        "exact_duplicate",
        "split",
        "split_leakage",
        "eval_contamination",
        "personal_data",
    ]


def test_a_setting_that_is_written_out_makes_no_other_recipe():
    one = load("{name: d, sources: [{kind: files, paths: [a]}], steps: [{kind: schema}]}")
    other = load("{name: d, sources: [{kind: files, paths: [a], licence: ''}], steps: [{kind: schema, blocks: true}]}")
    assert recipe_hash(one) == recipe_hash(other)
    third = load("{name: d, sources: [{kind: files, paths: [a]}], steps: [{kind: schema, max_messages: 9}]}")
    assert recipe_hash(one) != recipe_hash(third)


def test_the_folder_of_an_absolute_path_is_not_part_of_the_recipe():
    one, other = (load(f"{{name: d, sources: [{{kind: files, paths: [{place}/a.jsonl]}}]}}") for place in ("/x", "/y"))
    assert recipe_hash(one) == recipe_hash(other)


@pytest.fixture
def pipeline(tmp_path) -> Pipeline:
    rows = [{"prompt": f"question {place % 30} ", "completion": f"answer {place % 30}"} for place in range(40)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "evals.jsonl").write_text(
        '{"id": "e", "input": "something else that nobody asked"}\n', encoding="utf-8"
    )
    return (
        Pipeline.from_files("a.jsonl", name="sums", folder=tmp_path)
        .normalise()
        .drop_exact_duplicates()
        .drop_contaminated(against="evals.jsonl")
        .check("provenance", blocks=False)
        .sample(20)
        .split(train=0.6, validation=0.2, test=0.2)
        .govern(RecipeGovernance(owner="the data team"))
    )


def test_the_recipe_file_and_the_code_give_the_same_version(pipeline, tmp_path, clock):
    from preceptor.datasets.against import against_texts
    from preceptor.datasets.check import CheckContext

    by_code = pipeline.write(tmp_path / "code").outcome
    recipe = load(pipeline.recipe_text())
    place = BuildPlace(folder=tmp_path / "file", tools=BuildTools(executor=make_executor()), clock=clock)
    inputs = BuildInputs(
        sources=find_sources(recipe, SourceContext(folder=tmp_path), place.folder),
        context=CheckContext(eval_texts=against_texts(recipe, tmp_path)),
    )
    by_file = build(recipe, inputs, place).outcome
    assert by_file.id == by_code.id
    assert by_file.manifest.num_records == 20
    assert by_file.manifest.notes.text == {"Responsible": "the data team"}


def test_a_pipeline_says_what_differs_from_another_version(pipeline, tmp_path):
    before = pipeline.write(tmp_path / "datasets").outcome
    found = pipeline.sample(10).diff(before, tmp_path / "datasets")
    assert (found.num_removed, found.num_added) == (10, 0)
    assert pipeline.diff(Path(before.folder), tmp_path / "datasets").num_unchanged == 20


def test_an_unknown_check_is_refused_before_anything_is_read():
    with pytest.raises(InputError, match="no step or check named 'spelling'"):
        Pipeline.from_files("nosuch.jsonl").check("spelling").recipe()
