"""Other tools' test cases become suites; what is code is counted and never run."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.evals.suite_format import read_suites
from preceptor.grading.graders.assertions import Assertions
from preceptor.grading.types import Sample

CONFIG = """
description: echo check
prompts: ["Say {{thing}} politely", "Say {{ thing }}"]
providers: [echo]
defaultTest:
  assert: [{type: not-contains, value: swear}]
tests:
  - vars: {thing: [hello, hi]}
    assert: [{type: contains, value: "{{thing}}"}, {type: javascript, value: "output.length > 3"}]
  - vars: {thing: bye}
    metadata: {topic: leaving}
    threshold: 0.5
    assert: [{type: equals, value: Say bye}, {type: llm-rubric, value: is kind}]
"""


def test_promptfoo_config(tmp_path):
    path = tmp_path / "promptfooconfig.yaml"
    path.write_text(CONFIG)
    polite, plain = read_suites(path)
    assert [polite.suite.name, plain.suite.name] == ["echo-check-1", "echo-check-2"]
    assert [case.messages[0].content for case in plain.suite.cases] == ["Say hello", "Say hi", "Say bye"]
    assert plain.suite.cases[2].rubric == "is kind"
    assert plain.suite.cases[2].slices == ("topic=leaving",)
    assert plain.notes == (
        "the assertion 'javascript' is code and is not run (2 times)",
        "llm-rubric became the case's rubric; add an llm_judge to the suite's graders",
    )
    grades = [
        Assertions().grade(Sample(output=case.messages[0].content, metadata=case.metadata)).value
        for case in polite.suite.cases
    ]
    assert grades == [1, 1, 1]  # "Say bye politely" is not "Say bye", but half of the assertions are enough there


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("Say {{thing}} politely", "Say {{thing | upper}}"), "more of the template language"),
        (("Say {{thing}} politely", "{% for x in y %}"), "more of the template language"),
        (("Say {{thing}} politely", "Say {{other}}"), "the variable 'other' in .* has no value"),
        (("Say {{thing}} politely", "file://../../etc/passwd"), "outside their folder"),
    ],
)
def test_promptfoo_refuses_what_it_would_have_to_run(tmp_path, changed, says):
    path = tmp_path / "promptfooconfig.yaml"
    path.write_text(CONFIG.replace(*changed))
    with pytest.raises(InputError, match=says):
        read_suites(path)


def test_promptfoo_tests_in_a_file_of_code(tmp_path):
    (tmp_path / "tests.py").write_text("raise SystemExit")
    path = tmp_path / "c.yaml"
    path.write_text("prompts: [a]\ntests: file://tests.py\n")
    with pytest.raises(InputError, match="is code and is not run"):
        read_suites(path)


def test_openai_evals_samples(tmp_path):
    folder = tmp_path / "capitals"
    folder.mkdir()
    path = folder / "samples.jsonl"
    rows = [
        {"input": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "France?"}], "ideal": "Paris"},
        {"input": "Italy?", "ideal": ["Rome", "Roma"]},
    ]  # fmt: skip
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (found,) = read_suites(path)
    assert (found.suite.name, len(found.suite.cases)) == ("capitals", 2)
    italy = found.suite.cases[1]
    grades = [
        Assertions().grade(Sample(output=said, metadata=italy.metadata)).value for said in ("Roma.", "It is Rome")
    ]
    assert grades == [1, 0]


def test_a_large_file_pointer_is_told_from_data(tmp_path):
    path = tmp_path / "samples.jsonl"
    path.write_text("version https://git-lfs.example/spec/v1\noid sha256:00\nsize 1\n")
    with pytest.raises(InputError, match="git lfs pull"):
        read_suites(path)
