"""Eval cases are read from the usual fields, and none is passed over."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.datasets.eval_texts import question_of, read_eval_sets, read_eval_texts


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


def parts(text):
    return text.split("\n\x00\n")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"question": "Which?", "choices": ["red", "blue"], "answer": 1}, ["Which?", "red", "blue"]),
        ({"question": "Which?", "choices": {"text": ["red", 4], "label": ["A", "B"]}}, ["Which?", "red", "4"]),
        ({"question": "Which?", "options": {"A": "red", "B": "blue"}}, ["Which?", "red", "blue"]),
        ({"question": "Which?", "A": "red", "B": "blue", "answer": "A"}, ["Which?", "red", "blue"]),
        ({"instruction": "Translate.", "input": "hola", "output": "hi"}, ["Translate.\nhola"]),
        ({"instruction": "Tell a joke.", "input": "", "output": "no"}, ["Tell a joke."]),
    ],
)
def test_choices_are_parts_and_an_instruction_opens_its_input(tmp_path, row, expected):
    """The shapes of MMLU (both), ARC, MMLU-Pro's kin and Alpaca."""
    (text,) = read_eval_texts(write(tmp_path / "evals.jsonl", row)).values()
    assert parts(text) == expected
    assert question_of(text) == expected[0]


def test_human_eval_is_named_by_its_task(tmp_path):
    row = {"task_id": "HumanEval/0", "prompt": "def f(x):", "canonical_solution": "return x", "entry_point": "f"}
    assert read_eval_texts(write(tmp_path / "evals.jsonl", row)) == {"HumanEval/0": "def f(x):"}


def test_csv_and_parquet_hold_the_same_cases(tmp_path):
    rows = [{"id": "a", "question": "Which?", "A": "red"}, {"id": "b", "question": "Who?", "A": "Ada"}]
    (tmp_path / "evals.csv").write_text("id,question,A\na,Which?,red\nb,Who?,Ada\n", encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "evals.parquet")
    expected = read_eval_texts(write(tmp_path / "evals.jsonl", *rows))
    assert read_eval_texts(tmp_path / "evals.csv") == expected
    assert read_eval_texts(tmp_path / "evals.parquet") == expected
    assert list(expected) == ["a", "b"]


def test_several_sets_keep_their_cases_apart(tmp_path):
    first = write(tmp_path / "first.jsonl", {"id": 1, "text": "one"}, {"id": 2, "text": "two"})
    second = write(tmp_path / "second.jsonl", {"id": 2, "text": "zwei"}, {"id": 3, "text": "drei"})
    assert read_eval_sets([first, second]) == {"1": "one", "2": "two", "second:2": "zwei", "3": "drei"}


def test_a_file_that_only_claims_to_be_parquet_is_refused(tmp_path):
    (tmp_path / "evals.parquet").write_text("no", encoding="utf-8")
    with pytest.raises(InputError, match="not a whole Parquet file"):
        read_eval_texts(tmp_path / "evals.parquet")
    with pytest.raises(NotFoundError, match="no file"):
        read_eval_texts(tmp_path / "none.parquet")
