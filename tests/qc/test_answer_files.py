"""Answer files of every kind are read alike, and what is wrong is named with its line."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.answer_files import AnswerColumns, rank_reader, read_item_answers, read_label, read_number

COLUMNS = AnswerColumns()
TABLE = [("q1", "ann", "1"), ("q1", "ben", ""), ("q2", "ann", "x y")]
EXPECTED = [
    ItemAnswer(item="q1", annotator="ann", value="1"),
    ItemAnswer(item="q1", annotator="ben", value=None),
    ItemAnswer(item="q2", annotator="ann", value="x y"),
]


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.tsv", "\t")])
def test_tables_are_read(tmp_path, name, mark):
    rows = [("item", "annotator", "value"), *TABLE]
    path = write(tmp_path, name, "".join(mark.join(row) + "\n" for row in rows))
    assert read_item_answers(path, COLUMNS, read_label) == EXPECTED


def test_json_lines_are_read(tmp_path):
    text = (
        '{"item": "q1", "annotator": "ann", "value": "1"}\n'
        '{"item": "q1", "annotator": "ben", "value": null}\n'
        '{"item": "q2", "annotator": "ann", "value": "x y"}\n'
    )
    assert read_item_answers(write(tmp_path, "a.jsonl", text), COLUMNS, read_label) == EXPECTED


def test_numbers_name_items_and_annotators_as_text(tmp_path):
    path = write(tmp_path, "a.jsonl", '{"item": 1, "annotator": 2.0, "value": 3}\n')
    assert read_item_answers(path, COLUMNS, read_label) == [ItemAnswer(item="1", annotator="2", value=3)]


def test_columns_can_have_other_names(tmp_path):
    path = write(tmp_path, "a.csv", "patient,observer,rating\n1,2,3\n")
    columns = AnswerColumns(item="patient", annotator="observer", value="rating")
    assert read_item_answers(path, columns, read_number) == [ItemAnswer(item="1", annotator="2", value=3.0)]


def test_wrong_column_names_those_that_exist(tmp_path):
    path = write(tmp_path, "a.csv", "patient,annotator,rating\n1,2,3\n")
    with pytest.raises(InputError, match="no column 'item' and 'value'; it has 'patient', 'annotator', 'rating'"):
        read_item_answers(path, COLUMNS, read_label)


@pytest.mark.parametrize("text", ["", "item,annotator,value\n", "\n\n"])
def test_empty_file_is_refused(tmp_path, text):
    with pytest.raises(InputError, match="holds no answers"):
        read_item_answers(write(tmp_path, "a.csv", text), COLUMNS, read_label)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.jsonl", '{"item": "q1", "annotator": "ann", "value": 1}\n{"item": "q1", "anno', 2),
        ("a.csv", "item,annotator,value\nq1,ann,1\nq1,b", 3),
        ("a.csv", 'item,annotator,value\nq1,ann,1\nq1,ben,"a', 3),
        ("a.json", '[{"item": "q1", "annotator": "ann", "value": 1}, {"item"', 2),
    ],
)
def test_truncated_file_is_refused_with_its_line(tmp_path, name, text, line):
    """A lost answer would change the result, so nothing is read."""
    with pytest.raises(InputError, match=rf"{name}:{line}: "):
        read_item_answers(write(tmp_path, name, text), COLUMNS, read_label)


def test_every_bad_value_is_named_at_once(tmp_path):
    rows = "".join(f"q{number},ann,bad\n" for number in range(25))
    path = write(tmp_path, "a.csv", f"item,annotator,value\nq,ann,1\n{rows}")
    with pytest.raises(InputError, match="a.csv:3: the value 'bad' is no number") as caught:
        read_item_answers(path, COLUMNS, read_number)
    assert "and 5 more such rows" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 21


@pytest.mark.parametrize("row", [",ann,1", "q1, ,1"])
def test_answer_of_nobody_or_to_nothing_is_refused(tmp_path, row):
    with pytest.raises(InputError, match=r"a.csv:2: '(item|annotator)' is empty"):
        read_item_answers(write(tmp_path, "a.csv", f"item,annotator,value\n{row}\n"), COLUMNS, read_label)


@pytest.mark.parametrize("value", ["nan", "inf", "1_000", "high", True, [1]])
def test_only_finite_numbers_are_numbers(value):
    with pytest.raises(InputError, match="no number"):
        read_number(value)


def test_ranks_follow_the_order():
    read = rank_reader(["low", "medium", "high"])
    assert [read(name) for name in ("low", " medium", "high")] == [0.0, 1.0, 2.0]
    with pytest.raises(InputError, match="'hihg' is not in the order low, medium, high"):
        read("hihg")
    with pytest.raises(InputError, match="twice"):
        rank_reader(["low", "low"])


def test_missing_and_binary_files_are_named(tmp_path):
    with pytest.raises(NotFoundError):
        read_item_answers(tmp_path / "none.csv", COLUMNS, read_label)
    path = tmp_path / "a.csv"
    path.write_bytes(b"item,annotator,value\n\xff\xfe,a,1\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_item_answers(path, COLUMNS, read_label)
