import pytest

from preceptor.judges.merge_labels import labels_by_case, merge_labels
from preceptor.judges.types import HumanLabel


def labels(values, case_id="q", epoch=1):
    return [
        HumanLabel(case_id=case_id, value=value, epoch=epoch, annotator=str(number))
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "value", "is_tied"),
    [
        ([1.0], 1.0, False),
        ([1.0, 1.0, 0.0], 1.0, False),
        ([1.0, 0.0], 0.5, True),
        ([0.0, 0.5, 1.0], 0.5, True),
        ([0.5, 0.5, 1.0], 0.5, False),
        ([0.2, 0.9, 0.4], 0.5, False),
    ],
)
def test_verdicts_are_counted_and_grades_averaged(values, value, is_tied):
    merged = merge_labels(labels(values))["q", 1]
    assert merged.value == pytest.approx(value)
    assert (merged.is_tied, merged.num_annotators) == (is_tied, len(values))


def test_one_grade_among_verdicts_makes_all_of_them_grades():
    """A person who may say .7 does not mean 'no' by 0 as a person of yes and no does."""
    merged = merge_labels([*labels([1.0, 1.0, 0.0]), *labels([0.7], case_id="r")])
    assert merged["q", 1].value == pytest.approx(2 / 3)


def test_a_case_has_the_mean_over_its_epochs():
    """As a run's score of a case is."""
    said = [*labels([1.0, 1.0, 0.0]), *labels([0.0], epoch=2), *labels([1.0], case_id="r")]
    assert labels_by_case(said) == {"q": 0.5, "r": 1.0}


def test_no_labels_are_none():
    assert merge_labels([]) == {}
    assert labels_by_case([]) == {}
