"""Suites read from files, and what makes two of them the same."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.evals.identity import identity_of, suite_hashes
from preceptor.evals.suite import load_suite
from preceptor.evals.types import EvalCase, Suite
from preceptor.models.target import Target
from preceptor.models.types import Message

DEFINITION = """\
name: support
primary: category
graders:
  category: {kind: exact_match, path: category, target_path: category}
  cited: {kind: citation_known}
cases: support.jsonl
passages: articles
"""
CASES = [
    {
        "id": "c1",
        "input": "Where is my refund?",
        "target": {"category": "billing"},
        "slices": {"intent": "refund", "n": 2},
    },
    {
        "id": "c2",
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
        "cluster": "u1",
        "source_id": "trace_1",
        "metadata": {"expected": "answer"},
    },
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good suite."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "refunds.md").write_text("Refunds take 5 days.")
    (tmp_path / "support.yaml").write_text(DEFINITION)
    (tmp_path / "support.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES))
    return tmp_path


def mistakes(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_suite(folder / "support.yaml")
    return str(caught.value).replace(f"{folder}/", "")


def test_a_suite_is_read_with_cases_and_passages(folder):
    suite = load_suite(folder / "support.yaml")
    assert (suite.name, suite.primary, list(suite.graders)) == ("support", "category", ["category", "cited"])
    assert suite.passages == {"refunds": "Refunds take 5 days."}
    assert suite.cases == (
        EvalCase(
            id="c1",
            messages=(Message(role="user", content="Where is my refund?"),),
            target={"category": "billing"},
            slices=("intent=refund", "n=2"),
        ),
        EvalCase(
            id="c2",
            messages=(Message(role="user", content="Hi"), Message(role="assistant", content="Hello")),
            cluster="u1",
            source_id="trace_1",
            metadata={"expected": "answer"},
        ),
    )


def test_every_mistake_of_both_files_is_named_at_once_with_its_line(folder):
    (folder / "support.yaml").write_text(
        "name: support\n"
        "primary: categry\n"
        "graders:\n"
        "  category: {kind: exact_match, pth: category}\n"
        "casses: support.jsonl\n"
        "cases: support.jsonl\n"
        "passages: nowhere\n"
    )
    (folder / "support.jsonl").write_text(
        '{"id": "c1", "input": "a"}\n'
        '{"id": "c1", "input": "b"}\n'
        '{"id": "c2"}\n'
        "\n"
        '{"id": "c3", "input": "a", "messages": [{"role": "user", "content": "a"}]}\n'
        "not json\n"
        '{"id": 7, "input": "a", "tagret": "x"}\n'
        '{"id": "c4", "messages": [{"role": "robot", "content": "a"}]}\n'
        '{"id": "c5", "input": "a", "slices": {"intent": ["b"]}}\n'
        '{"id": " ", "input": "a"}\n'
    )
    said = mistakes(folder)
    for part in (
        "support.yaml:2: primary: no grader is named 'categry'; did you mean category?",
        "support.yaml:4: graders.category.pth: unknown key 'pth'; did you mean 'path'?",
        "support.yaml:5: casses: unknown key 'casses'; did you mean 'cases'?",
        "nowhere: no such folder of passages",
        "support.jsonl:2: the id 'c1' stands on line 1 already",
        "support.jsonl:3: give either input",
        "support.jsonl:5: give either input",
        "support.jsonl:6: not JSON",
        "support.jsonl:7: id: Expected `str`, got `int`",
        "support.jsonl:7: tagret: unknown key 'tagret'; did you mean 'target'?",
        "support.jsonl:8: messages[0].role:",
        "support.jsonl:9: the slice 'intent' must be one word or number",
        "support.jsonl:10: id ' ' must be",
    ):
        assert part in said, said


def test_an_empty_suite_is_refused(folder):
    (folder / "support.jsonl").write_text("\n")
    assert mistakes(folder) == "support.jsonl: there is no case in it; a suite needs at least one"


def test_a_suite_without_graders_is_refused(folder):
    (folder / "support.yaml").write_text("name: a\nprimary: b\ngraders: {}\ncases: support.jsonl\n")
    assert "there is no grader" in mistakes(folder)


def test_missing_files_are_named(folder):
    (folder / "support.jsonl").unlink()
    assert "no file 'support.jsonl'" in mistakes(folder)
    with pytest.raises(NotFoundError, match="other"):
        load_suite(folder / "other.yaml")


def test_two_passages_of_one_name_are_refused(folder):
    (folder / "articles" / "refunds.txt").write_text("Other.")
    assert "'refunds' already" in mistakes(folder)


def test_many_mistakes_are_cut(folder):
    (folder / "support.jsonl").write_text("nonsense\n" * 1_000)
    assert mistakes(folder).splitlines()[-1] == "and 950 more mistakes"


SUITE = Suite(
    name="s",
    cases=(
        EvalCase(id="a", messages=(Message(role="user", content="1"),)),
        EvalCase(id="b", messages=(Message(role="user", content="2"),)),
    ),
    graders={"m": {"kind": "contains", "values": ["x"]}},
    primary="m",
)


def test_hashes_do_not_depend_on_order_name_or_written_defaults():
    same = dataclasses.replace(
        SUITE,
        name="t",
        cases=SUITE.cases[::-1],
        graders={"m": {"kind": "contains", "values": ["x"], "match": "any"}},
    )
    assert suite_hashes(same) == suite_hashes(SUITE)


@pytest.mark.parametrize(
    ("changed", "cases_differ", "graders_differ"),
    [
        ({"cases": SUITE.cases[:1]}, True, False),
        ({"cases": (SUITE.cases[0], dataclasses.replace(SUITE.cases[1], target="y"))}, True, False),
        ({"passages": {"p": "text"}}, True, False),
        ({"graders": {"m": {"kind": "contains", "values": ["y"]}}}, False, True),
        ({"graders": {"n": {"kind": "contains", "values": ["x"]}}}, False, True),
    ],
)
def test_a_change_shows_in_its_hash(changed, cases_differ, graders_differ):
    cases, graders = suite_hashes(SUITE)
    new_cases, new_graders = suite_hashes(dataclasses.replace(SUITE, **changed))
    assert (new_cases != cases, new_graders != graders) == (cases_differ, graders_differ)


def test_another_version_of_a_grader_is_another_identity(monkeypatch):
    from preceptor.grading.graders.contains import Contains

    before = suite_hashes(SUITE)
    monkeypatch.setattr(Contains, "version", 99)
    assert suite_hashes(SUITE)[1] != before[1]


def test_another_prompt_is_another_identity():
    target = Target(name="t", provider={"kind": "replay"}, system="Be kind.")
    other = dataclasses.replace(target, system="Be brief.")
    assert identity_of(SUITE, target).target != identity_of(SUITE, other).target
