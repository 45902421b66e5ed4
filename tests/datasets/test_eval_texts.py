"""Eval cases are read from the usual fields, and none is passed over."""

from __future__ import annotations

import json

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.eval_texts import read_eval_texts


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_the_usual_fields_are_read(tmp_path):
    messages = [{"role": "system", "content": "rules"}, {"role": "user", "content": "three"}]
    path = write(
        tmp_path / "evals.jsonl",
        {"id": "a", "input": "one", "text": "not this"},
        {"id": 2, "input": messages},
        {"messages": messages},
        {"id": "a", "prompt": "four"},
        {"question": "five", "answer": "not this"},
        {"text": "six"},
    )
    assert read_eval_texts(path) == {
        "a": "one",
        "2": "three",
        "line 3": "three",
        "line 4": "four",
        "line 5": "five",
        "line 6": "six",
    }


@pytest.mark.parametrize(
    ("row", "said"), [({"body": "x"}, "1: has none of input, messages"), ({"input": 3}, "1: input must be a list")]
)
def test_a_row_without_a_text_is_refused_with_its_line(tmp_path, row, said):
    with pytest.raises(InputError, match=said):
        read_eval_texts(write(tmp_path / "evals.jsonl", row))


def test_an_empty_file_and_a_broken_line_are_refused(tmp_path):
    with pytest.raises(InputError, match="holds no eval cases"):
        read_eval_texts(write(tmp_path / "evals.jsonl"))
    (tmp_path / "evals.jsonl").write_text('{"text": "a"}\n{"te', encoding="utf-8")
    with pytest.raises(InputError, match=r"evals\.jsonl:2: not JSON"):
        read_eval_texts(tmp_path / "evals.jsonl")
