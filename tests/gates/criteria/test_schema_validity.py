import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.schema_validity import SchemaValidity
from preceptor.gates.types import Evidence


def judge(valid, n, criterion, missing=0):
    scores = [1.0] * valid + [0.0] * (n - valid) + [None] * missing
    rows = [ScoreRow(id=str(case), score=score) for case, score in enumerate(scores)]
    return criterion.judge(Evidence(baseline={}, candidate={"m": rows}, primary="m"))


@pytest.mark.parametrize(("n", "verdict"), [(367, "inconclusive"), (368, "pass")])
def test_the_whole_exact_interval_must_reach_the_minimum(n, verdict):
    """.99^367 = .02501, .99^368 = .02476."""
    result = judge(n, n, SchemaValidity(minimum=0.99))
    assert (result.verdict, result.required_n) == (verdict, 368)


def test_an_interval_below_the_minimum_fails():
    """9 of 10 valid: the upper end is .9975 (Clopper-Pearson), 1 - .025^(1/10) of the other side."""
    assert judge(9, 10, SchemaValidity(minimum=0.998)).verdict == "fail"
    assert judge(9, 10, SchemaValidity(minimum=0.997)).verdict == "inconclusive"


def test_a_partly_valid_score_is_not_valid():
    rows = [ScoreRow(id="a", score=0.99)]
    result = SchemaValidity(minimum=0.5).judge(Evidence(baseline={}, candidate={"m": rows}, primary="m"))
    assert (result.value, result.cases) == (0.0, ("a",))


def test_the_count_of_defects_decides_for_itself():
    assert judge(1999, 2000, SchemaValidity(minimum=0.99)).verdict == "pass"
    assert judge(1999, 2000, SchemaValidity(minimum=0.99, max_defects=0)).verdict == "fail"
    assert judge(1999, 2000, SchemaValidity(minimum=0.99, max_defects=1)).verdict == "pass"
    assert judge(3, 3, SchemaValidity(minimum=None, max_defects=0)).verdict == "pass"
    assert judge(3, 3, SchemaValidity(minimum=0.99, max_defects=0)).verdict == "inconclusive"


def test_an_output_without_a_score_keeps_it_from_passing():
    assert judge(400, 400, SchemaValidity(minimum=0.99), missing=1).verdict == "inconclusive"
    assert judge(399, 400, SchemaValidity(minimum=0.99, max_defects=0), missing=1).verdict == "fail"


@pytest.mark.parametrize(
    "settings", [{"minimum": 1.0}, {"minimum": 0.0}, {"max_defects": -1}, {"minimum": None}, {"confidence": 95}]
)
def test_settings_that_cannot_be_meant_are_refused(settings):
    with pytest.raises(InputError):
        SchemaValidity(**settings)
