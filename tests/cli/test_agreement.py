"""`preceptor agreement` keeps its promised keys and exit codes."""

from __future__ import annotations

import json

import pytest

from preceptor.cli.main import run

KEYS = ["coefficient", "value", "interval", "confidence", "num_items", "num_annotators", "num_answers", "reason"]
# Krippendorff's example; see tests/stats/test_agreement.py.
ROWS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . .",
    ". 3 3 3 2 3 4 2 2 5 1 3",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


@pytest.fixture
def answers(tmp_path):
    lines = ["item,annotator,value"]
    for observer, row in enumerate(ROWS):
        lines += [f"{unit},{observer},{cell.replace('.', '')}" for unit, cell in enumerate(row.split())]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_json_holds_the_promised_keys(answers, capsys, level, expected):
    assert run(["agreement", str(answers), "--level", level, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == KEYS
    assert found["value"] == pytest.approx(expected, abs=5e-7)
    low, high = found["interval"]
    assert low < found["value"] < high
    assert (found["num_items"], found["num_annotators"], found["num_answers"]) == (12, 4, 41)


def test_seed_and_confidence_reach_the_interval(answers, capsys):
    intervals = []
    for options in ([], [], ["--seed", "1"], ["--confidence", "0.5"]):
        run(["agreement", str(answers), "--json", *options])
        intervals.append(json.loads(capsys.readouterr().out)["interval"])
    assert intervals[0] == intervals[1]
    assert intervals[0] != intervals[2]
    assert intervals[0][0] < intervals[3][0] < intervals[3][1] < intervals[0][1]


def test_people_get_a_table(answers, capsys):
    assert run(["agreement", str(answers)]) == 0
    shown = capsys.readouterr().out
    assert "Krippendorff's alpha" in shown
    assert "0.7434" in shown


def test_undefined_is_null_with_a_reason(tmp_path, capsys):
    path = tmp_path / "same.csv"
    path.write_text("item,annotator,value\n1,a,x\n1,b,x\n2,a,x\n2,b,x\n")
    assert run(["agreement", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["value"], found["interval"]) == (None, None)
    assert found["reason"]


def test_words_of_an_ordinal_scale_need_their_order(tmp_path, capsys):
    path = tmp_path / "words.csv"
    path.write_text("item,annotator,value\n1,a,low\n1,b,low\n2,a,high\n2,b,medium\n3,a,high\n3,b,high\n")
    assert run(["agreement", str(path), "--level", "ordinal", "--json"]) == 2
    assert "words.csv:2: the value 'low' is no number" in capsys.readouterr().err
    assert run(["agreement", str(path), "--level", "ordinal", "--order", "low,medium,high", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] > 0.5
    assert run(["agreement", str(path), "--order", "low,medium,high"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--item-col", "unit"], 2, "no column 'unit'; it has 'item', 'annotator', 'value'"),
        (["--confidence", "95"], 2, "confidence is 95.0"),
        (["--level", "cardinal"], 2, "cardinal"),
    ],
)
def test_bad_input_is_explained(answers, capsys, arguments, code, message):
    assert run(["agreement", str(answers), *arguments]) == code
    assert message in capsys.readouterr().err


def test_missing_file_is_not_found(tmp_path, capsys):
    assert run(["agreement", str(tmp_path / "none.csv")]) == 3
    assert "none.csv" in capsys.readouterr().err
