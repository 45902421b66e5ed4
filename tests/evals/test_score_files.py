import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.evals.score_files import read_score_rows
from preceptor.evals.types import ScoreRow


@pytest.fixture
def read(tmp_path):
    def write_and_read(text, name="scores.jsonl"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_score_rows(path)

    return write_and_read


def test_a_row_has_id_score_cluster_and_slice(read):
    rows = read('{"id": "a", "score": 0.5, "cluster": "u1", "slice": "billing"}\n{"id": 7, "score": true}\n')
    assert rows == [
        ScoreRow(id="a", score=0.5, cluster="u1", slices=("billing",)),
        ScoreRow(id="7", score=1.0),
    ]


def test_null_is_a_missing_score_with_its_reason(read):
    assert read('{"id": "a", "score": null, "reason": "timed out"}') == [
        ScoreRow(id="a", score=None, reason="timed out")
    ]


@pytest.mark.parametrize(
    ("written", "slices"),
    [
        ('"x"', ("x",)),
        ('["x", "y"]', ("x", "y")),
        ('{"intent": "billing"}', ("intent=billing",)),
        ("null", ()),
        ('""', ()),
    ],
)
def test_slices_are_a_name_a_list_or_a_mapping(read, written, slices):
    assert read(f'{{"id": "a", "score": 1, "slice": {written}}}')[0].slices == slices


def test_csv_cells_are_read_as_numbers(read):
    rows = read("id,score,cluster\na,0.5,u1\nb,,u1\nc,true,\n", "scores.csv")
    assert rows == [
        ScoreRow(id="a", score=0.5, cluster="u1"),
        ScoreRow(id="b", score=None, cluster="u1"),
        ScoreRow(id="c", score=1.0),
    ]


def test_every_bad_row_is_named_with_its_line(read):
    text = """{"id": "a", "score": 1}
{"id": "a", "score": 0}
{"id": "b", "points": 1}
{"id": "c", "score": "high"}
{"id": "d", "score": 1e999}
{"id": true, "score": 1}
{"id": "", "score": 1}
{"score": 1}
"""
    with pytest.raises(InputError) as raised:
        read(text)
    lines = str(raised.value).splitlines()
    assert [line.split(".jsonl:")[1].split(":")[0] for line in lines] == ["2", "3", "4", "5", "6", "7", "8"]
    assert "id 'a' is on line 1 already" in lines[0]
    assert "no 'score'; the row has 'id', 'points'" in lines[1]
    assert "'high'" in lines[2]
    assert "finite" in lines[3]


def test_many_bad_rows_are_counted_not_listed(read):
    with pytest.raises(InputError, match="and 30 more bad rows"):
        read('{"id": "a"}\n' * 50)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "a", "score": NaN}', "NaN is not JSON; write null"),
        ('{"id": "a", "score": 1}\n{"id": "b", "sc', "scores.jsonl:2: not JSON"),
        ("", "no rows"),
        ("\n\n", "no rows"),
        ("[1, 2]", "must be an object"),
        ('{"id": "a", "score": 1' + "0" * 400 + "}", "finite"),
    ],
)
def test_damaged_files_are_refused(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text)


@pytest.mark.parametrize("cell", ["high", "nan", "inf"])
def test_csv_cells_that_are_no_number_are_refused(read, cell):
    with pytest.raises(InputError, match="score is"):
        read(f"id,score\na,{cell}\n", "scores.csv")


def test_no_file_is_said_so(tmp_path):
    with pytest.raises(NotFoundError, match="no file"):
        read_score_rows(tmp_path / "none.jsonl")
