import json

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.judges.labels import read_labels
from preceptor.judges.types import HumanLabel


@pytest.fixture
def write(tmp_path):
    def write(*rows, name="labels.jsonl"):
        path = tmp_path / name
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
        return path

    return write


def test_every_form_of_a_row_is_read(write):
    path = write(
        {"id": "a", "label": True},
        {"case_id": "b", "score": 0.5, "epoch": 2, "annotator": "ann", "reason": "half"},
        {"id": 7, "label": "no"},
        {"id": "a", "label": 0, "annotator": "ben"},
    )
    assert read_labels(path) == [
        HumanLabel(case_id="a", value=1.0),
        HumanLabel(case_id="b", value=0.5, epoch=2, annotator="ann", reason="half"),
        HumanLabel(case_id="7", value=0.0),
        HumanLabel(case_id="a", value=0.0, annotator="ben"),
    ]


def test_a_csv_is_read(write):
    path = write("id,label,epoch,annotator", "a,true,,ann", "b,0.25,3,", name="labels.csv")
    assert read_labels(path) == [
        HumanLabel(case_id="a", value=1.0, annotator="ann"),
        HumanLabel(case_id="b", value=0.25, epoch=3),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"label": 1}, "the row has neither 'id' nor 'case_id'"),
        ({"id": "a", "case_id": "a", "label": 1}, "the row has both 'id' and 'case_id'"),
        ({"id": "a"}, "the row has neither 'label' nor 'score'"),
        ({"id": "a", "label": 1.5}, "label is 1.5"),
        ({"id": "a", "label": -1}, "label is -1"),
        ({"id": "a", "label": "maybe"}, "label is 'maybe'"),
        ({"id": "a", "label": "nan"}, "label is nan"),
        ({"id": "a", "label": 10**400}, "label is 1000"),
        ({"id": "a", "label": [1]}, "label is [1]"),
        ({"id": "", "label": 1}, "id is empty"),
        ({"id": True, "label": 1}, "id is True"),
        ({"id": "a" * 201, "label": 1}, "id has 201 characters"),
        ({"id": "a", "label": 1, "epoch": 0}, "epoch is '0'"),
        ({"id": "a", "label": 1, "epoch": 1.5}, "epoch is '1.5'"),
        ({"id": "a", "label": 1, "epoch": 10**12}, "epoch is '1000000000000'"),
        ({"id": "a", "label": 1, "annotator": {}}, "annotator is {}"),
        ({"id": "a", "label": 1, "reason": "x" * 10_001}, "reason has 10,001 characters"),
        ({"id": "a", "label": 1, "labels": 1}, "unknown key 'labels'"),
    ],
)
def test_a_bad_row_is_named_by_its_line(write, row, why):
    with pytest.raises(InputError) as caught:
        read_labels(write({"id": "fine", "label": 1}, row))
    assert f"labels.jsonl:2: {why}" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_all_mistakes_are_named_up_to_a_screen(write):
    with pytest.raises(InputError) as caught:
        read_labels(write(*[{"id": str(row), "label": 2} for row in range(25)]))
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("and 5 more bad rows")


def test_an_annotator_labels_an_answer_once(write):
    with pytest.raises(InputError, match=r":2: 'a' has a label by 'ann' on line 1 already"):
        read_labels(write({"id": "a", "label": 1, "annotator": "ann"}, {"id": "a", "label": 0, "annotator": "ann"}))


def test_a_label_of_a_case_that_was_not_judged_is_a_mistake(write):
    with pytest.raises(InputError, match="no case 'b' among those that were judged"):
        read_labels(write({"id": "a", "label": 1}, {"id": "b", "label": 1}), cases={"a"})


def test_no_rows_and_no_file_are_errors(write, tmp_path):
    with pytest.raises(InputError, match="no rows"):
        read_labels(write(""))
    with pytest.raises(NotFoundError):
        read_labels(tmp_path / "none.jsonl")


def test_a_sheet_that_is_half_filled_in(write):
    """A blank label is not given yet; what the sheet shows is read over."""
    shown = {"input": "q", "output": "a", "wanted": "b", "annotator": ""}
    path = write([{"id": "a", "label": None, **shown}, {"id": "b", "label": True, **shown}])
    assert [(label.case_id, label.value) for label in read_labels(path)] == [("b", 1.0)]
