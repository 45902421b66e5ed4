"""`preceptor resolve` prints one JSON line an item."""

from __future__ import annotations

import json

import pytest

from preceptor.cli.main import run

KEYS = ["item", "label", "confidence", "num_answers", "reason"]


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("item,annotator,value\nq1,ann,yes\nq1,ben,yes\nq1,cy,no\nq2,ann,yes\nq2,ben,no\nq3,ann,\n")
    return path


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_labels_and_reasons_are_json_lines(answers, capsys, more):
    assert run(["resolve", str(answers), *more]) == 0
    first, tied, empty = lines(capsys)
    assert list(first) == list(tied) == KEYS
    assert first == {"item": "q1", "label": "yes", "confidence": pytest.approx(2 / 3), "num_answers": 3, "reason": ""}
    assert (tied["label"], tied["confidence"], tied["num_answers"]) == (None, None, 2)
    assert "tie" in tied["reason"]
    assert (empty["label"], empty["reason"]) == (None, "no answers")


def test_settings_reach_the_aggregator(answers, capsys):
    assert run(["resolve", str(answers), "--set", "minimum_share=0.9"]) == 0
    assert [line["label"] for line in lines(capsys)] == [None, None, None]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--set", "minimum_share"], 2, "write NAME=VALUE"),
        (["--set", "minimum_shar=1"], 2, "did you mean 'minimum_share'"),
        (["--aggregator", "borda"], 2, "no aggregator named 'borda'; there are: dawid_skene, majority_vote"),
        (["--value-col", "label"], 2, "it has 'item', 'annotator', 'value'"),
    ],
)
def test_bad_input_is_explained(answers, capsys, arguments, code, message):
    assert run(["resolve", str(answers), *arguments]) == code
    assert message in capsys.readouterr().err


def test_contradiction_is_refused_by_the_vote_and_counted_by_the_model(tmp_path, capsys):
    path = tmp_path / "answers.jsonl"
    rows = [("q1", "ann", 1), ("q1", "ann", 2), ("q1", "ben", 1), ("q2", "ann", 2), ("q2", "ben", 2)]
    path.write_text("".join(json.dumps({"item": i, "annotator": a, "value": v}) + "\n" for i, a, v in rows))
    assert run(["resolve", str(path)]) == 2
    assert "'ann' answered item 'q1' with both 1 and 2" in capsys.readouterr().err
    assert run(["resolve", str(path), "--aggregator", "dawid-skene"]) == 0
    assert [line["num_answers"] for line in lines(capsys)] == [3, 2]


@pytest.mark.shared_data
def test_anaesthetists_through_the_command_line(shared_data, capsys):
    """Dawid & Skene (1979): the classes of SOURCE.md, 18, 19, 5 and 3 patients."""
    path = shared_data / "dawid_skene_1979" / "anaesthetists.csv"
    columns = ["--item-col", "patient", "--annotator-col", "observer", "--value-col", "rating"]
    assert run(["resolve", str(path), "--aggregator", "dawid_skene", *columns]) == 0
    labels = [line["label"] for line in lines(capsys)]
    assert [labels.count(name) for name in "1234"] == [18, 19, 5, 3]
