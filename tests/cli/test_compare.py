import json

import pytest

from preceptor.cli.main import run

KEYS = [
    "n",
    "baseline_mean",
    "candidate_mean",
    "difference",
    "interval",
    "confidence",
    "p_value",
    "test",
    "improved",
    "regressed",
    "unpaired",
    "slices",
]


@pytest.fixture
def write(tmp_path):
    def write_rows(name, rows):
        path = tmp_path / name
        text = rows if isinstance(rows, str) else "".join(json.dumps(row) + "\n" for row in rows)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write_rows


def scores(values, **fields):
    return [{"id": f"c{number}", "score": value, **fields} for number, value in enumerate(values)]


def test_the_promised_keys_are_there(write, capsys):
    base = write("base.jsonl", scores([1, 1, 0, 1], slice="billing"))
    cand = write("cand.jsonl", scores([1, 0, 1, None, 1]))
    assert run(["compare", base, cand, "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert [key for key in outcome if key in KEYS] == KEYS
    assert (outcome["n"], outcome["improved"], outcome["regressed"]) == (3, 1, 1)
    assert outcome["improved_ids"] == ["c2"]
    assert outcome["unpaired"]["candidate_missing_score"] == ["c3"]
    assert outcome["unpaired"]["only_in_candidate"] == ["c4"]
    assert outcome["slices"][0]["name"] == "billing"
    assert len(outcome["interval"]) == 2


def test_people_get_a_table_that_fits_eighty_columns(write, capsys):
    base = write("base.jsonl", scores([1, 1, 0, 1], slice="billing"))
    cand = write("cand.jsonl", scores([1, 0, 1, None]))
    assert run(["compare", base, cand]) == 0
    shown = capsys.readouterr()
    assert "mcnemar_exact" in shown.out
    assert "billing" in shown.out
    assert max(len(line) for line in shown.out.splitlines()) <= 80
    assert "candidate missing score: 1 ('c3')" in shown.err


def test_no_shared_case_is_inconclusive(write, capsys):
    base, cand = write("base.jsonl", scores([1])), write("cand.jsonl", [{"id": "other", "score": 1}])
    assert run(["compare", base, cand, "--json"]) == 10
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["difference"] is None
    assert outcome["reason"]


def test_the_scale_can_be_named(write, capsys):
    ratings = write("ratings.jsonl", scores([4, 5, 4, 4, 4, 4, 4, 4, 4, 4]))
    assert run(["compare", ratings, ratings, "--json", "--scale", "1", "5"]) == 0
    assert json.loads(capsys.readouterr().out)["interval"] is not None
    assert run(["compare", ratings, ratings, "--scale", "5", "1"]) == 2
    assert "lowest score first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "a", "score": 1}\n{"id": "b", "sco', "bad.jsonl:2: not JSON"),
        ('{"id": "a", "points": 1}\n', "bad.jsonl:1: no 'score'; the row has 'id', 'points'"),
        ("", "bad.jsonl: no rows"),
        ('{"id": "a", "score": 1}\n{"id": "a", "score": 1}\n', "bad.jsonl:2: id 'a' is on line 1 already"),
        ('{"id": "a", "score": NaN}\n', "bad.jsonl:1: NaN is not JSON"),
        ("\x00\x01", "bad.jsonl:1: not JSON"),
    ],
)
def test_bad_input_is_named_and_left_as_it_was(write, capsys, tmp_path, text, message):
    good, bad = write("good.jsonl", scores([1])), write("bad.jsonl", text)
    assert run(["compare", good, bad]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert not shown.out
    assert len(shown.err.strip().splitlines()) == 1
    assert (tmp_path / "bad.jsonl").read_text(encoding="utf-8") == text
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_is_not_there_is_not_found(write, capsys):
    assert run(["compare", write("base.jsonl", scores([1])), "nowhere.jsonl"]) == 3
    assert "no file 'nowhere.jsonl'" in capsys.readouterr().err


@pytest.mark.parametrize("confidence", ["95", "nan", "0"])
def test_a_confidence_that_is_none_is_refused(write, capsys, confidence):
    base = write("base.jsonl", scores([1]))
    assert run(["compare", base, base, "--confidence", confidence]) == 2
    assert "confidence" in capsys.readouterr().err
