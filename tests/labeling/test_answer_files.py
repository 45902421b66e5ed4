"""Answers go out and come back; what a spreadsheet would run is made harmless."""

from __future__ import annotations

import csv
import io
import json

import pytest

from preceptor.core.errors import InputError
from preceptor.core.rows import BadRow
from preceptor.labeling.answer_files import read_answer_rows, write_answers_csv, write_answers_json_lines
from preceptor.labeling.types import AnswerRow

ROWS = [
    AnswerRow(number=2, item="q1", annotator="ann", value="good", comment='says "how", clearly\nand more'),
    AnswerRow(number=4, item="q2", annotator="ben", value="3"),
]


def test_csv_out_and_in_gives_the_same(tmp_path):
    path = tmp_path / "answers.csv"
    with path.open("w", newline="") as stream:
        assert write_answers_csv(stream, ROWS) == 2
    read = read_answer_rows(path)
    assert [(row.item, row.annotator, row.value, row.comment) for row in read] == [
        (row.item, row.annotator, row.value, row.comment) for row in ROWS
    ]


def test_json_lines_out_and_in_keep_the_type(tmp_path):
    path = tmp_path / "answers.jsonl"
    with path.open("w") as stream:
        assert write_answers_json_lines(stream, [AnswerRow(number=1, item="q", annotator="a", value=3)]) == 1
    assert json.loads(path.read_text()) == {"item": "q", "annotator": "a", "value": 3, "comment": ""}
    (row,) = read_answer_rows(path)
    assert row.value == 3


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_cells_are_made_harmless(cell):
    stream = io.StringIO(newline="")
    write_answers_csv(stream, [AnswerRow(number=1, item=cell, annotator=cell, value=cell, comment=cell)])
    written = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1]
    assert written == ["'" + cell] * 4


@pytest.mark.parametrize("value", [-1, "-2.5", "+3"])
def test_negative_numbers_stay_numbers(value):
    stream = io.StringIO()
    write_answers_csv(stream, [AnswerRow(number=1, item="q", annotator="a", value=value)])
    assert f",{value}," in stream.getvalue()


def test_bad_lines_are_kept_with_line_and_reason(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("item,annotator,value,comment\nq1,ann,good,\nq1,ben\nq2,ann,bad,ok\nq3,ann,go")
    first, bad, third, cut = read_answer_rows(path)
    assert (first.number, third.number) == (2, 4)
    assert isinstance(bad, BadRow)
    assert (bad.number, bad.reason) == (3, "2 cells under 4 column names")
    assert isinstance(cut, BadRow)


def test_comment_column_may_be_absent_and_others_are_passed_over(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("when,item,annotator,value\nnow,q1,ann,good\n")
    assert read_answer_rows(path) == [AnswerRow(number=2, item="q1", annotator="ann", value="good")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no answers"),
        ("item,annotator,value\n", "holds no answers"),
        ("item,who,label\nq1,ann,good\n", "no column 'annotator', 'value'; it has 'item', 'who', 'label'"),
    ],
)
def test_file_that_holds_no_answers_is_refused(tmp_path, text, message):
    path = tmp_path / "answers.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_answer_rows(path)
