import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.slice_regression import SliceRegression
from preceptor.gates.types import Evidence, JudgeEvidence


def evidence(sizes, lost=None, **fields):
    """Slices of so many cases each, all right in the baseline, so many of them lost by the candidate."""
    before, after = [], []
    for name, size in sizes.items():
        for case in range(size):
            base = ScoreRow(id=f"{name}-{case}", score=1.0, slices=(name,))
            before.append(base)
            after.append(ScoreRow(id=base.id, score=float(case >= (lost or {}).get(name, 0)), slices=(name,)))
    return Evidence(baseline={"m": before}, candidate={"m": after}, primary="m", **fields)


TWENTY = {f"intent={number}": 100 for number in range(20)}


def test_every_slice_must_pass_at_its_own_level():
    criterion = SliceRegression(margin=0.05)
    assert criterion.judge(evidence({"a": 100, "b": 100})).verdict == "pass"
    result = criterion.judge(evidence({"a": 100, "b": 20}))
    assert result.verdict == "inconclusive"
    assert [(part.name, part.verdict) for part in result.slices] == [("a", "pass"), ("b", "inconclusive")]
    assert "in 1 of 2 slices: 'b'" in result.reason


def test_a_loss_that_one_slice_would_show_alone_is_chance_among_twenty():
    """13 of 100 lost, margin .05: the chance of so many at exactly the margin is .0015 (binomial), 20 times that .03."""
    criterion = SliceRegression(margin=0.05)
    alone = criterion.judge(evidence({"intent=7": 100}, {"intent=7": 13}))
    assert alone.verdict == "fail"
    among = criterion.judge(evidence(TWENTY, {"intent=7": 13}))
    assert among.verdict == "inconclusive"
    part = next(part for part in among.slices if part.name == "intent=7")
    assert part.adjusted_p == pytest.approx(20 * alone.slices[0].adjusted_p)
    assert "may look so by chance" in part.reason


def test_a_large_loss_in_one_of_twenty_slices_fails_and_is_named():
    result = SliceRegression(margin=0.05).judge(evidence(TWENTY, {"intent=7": 30}))
    assert (result.verdict, result.value) == ("fail", pytest.approx(-0.3))
    assert result.reason.startswith("worse by more than 0.05 in 1 of 20 slices: intent=7: ")


def test_a_loss_in_a_slice_is_not_made_up_for_by_gains_in_others():
    given = evidence({"a": 500, "b": 100}, {"b": 30})
    gained = [ScoreRow(id=row.id, score=float(row.slices != ("a",)), slices=row.slices) for row in given.baseline["m"]]
    result = SliceRegression(margin=0.05).judge(
        Evidence(baseline={"m": gained}, candidate=given.candidate, primary="m")
    )
    assert [part.verdict for part in result.slices] == ["pass", "fail"]
    assert result.verdict == "fail"


def test_graded_scores_are_corrected_too():
    """The level is found by halving down to 1e-4, which ten slices make .001."""
    before, after = [], []
    for number in range(10):
        for case in range(60):
            change = (0.3 if number == 0 else 0.0) - (case % 5) / 50
            slices = (f"s{number}",)
            before.append(ScoreRow(id=f"{number}-{case}", score=0.8, slices=slices))
            after.append(ScoreRow(id=f"{number}-{case}", score=0.8 - change, slices=slices))
    result = SliceRegression(margin=0.05).judge(Evidence(baseline={"m": before}, candidate={"m": after}, primary="m"))
    assert result.verdict == "fail"
    assert result.slices[0].adjusted_p == pytest.approx(10 * 1e-4, rel=0.01)


def test_selectors_choose_by_prefix_or_by_whole_name():
    given = evidence({"intent=a": 100, "intent=b": 100, "locale=de": 5})
    names = [part.name for part in SliceRegression(margin=0.05, slices=("intent",)).judge(given).slices]
    assert names == ["intent=a", "intent=b"]
    assert SliceRegression(margin=0.05, slices=("intent=a",)).judge(given).verdict == "pass"


def test_a_selector_that_finds_nothing_is_inconclusive():
    result = SliceRegression(margin=0.05, slices=("intent", "tier")).judge(evidence({"intent=a": 100}))
    assert result.verdict == "inconclusive"
    assert "'tier'" in result.reason


def test_small_slices_are_listed_and_hold_back_or_not_as_the_policy_says():
    given = evidence({"a": 100, "b": 3}, {"b": 3})
    strict = SliceRegression(margin=0.05, min_cases=10).judge(given)
    assert strict.verdict == "inconclusive"
    lenient = SliceRegression(margin=0.05, min_cases=10, small="ignore").judge(given)
    assert lenient.verdict == "pass"
    for result in (strict, lenient):
        small = result.slices[1]
        assert (small.verdict, small.n) == ("inconclusive", 3)
        assert small.reason == "not judged: 3 cases, the policy asks for 10"


def test_when_every_slice_is_too_small_nothing_is_shown():
    result = SliceRegression(margin=0.05, min_cases=10, small="ignore").judge(evidence({"a": 3}))
    assert (result.verdict, result.value) == ("inconclusive", None)


def test_cases_in_no_slice_are_inconclusive():
    rows = {"m": [ScoreRow(id=str(case), score=1.0) for case in range(300)]}
    assert SliceRegression(margin=0.05).judge(Evidence(baseline=rows, candidate=rows, primary="m")).verdict == (
        "inconclusive"
    )


def test_a_judge_without_a_calibration_decides_nothing():
    given = evidence({"a": 100}, {"a": 50}, judges={"m": JudgeEvidence(identity="j")})
    result = SliceRegression(margin=0.05).judge(given)
    assert result.verdict == "inconclusive"


@pytest.mark.parametrize(
    "settings", [{"margin": 0.0}, {"margin": 0.1, "min_cases": 0}, {"margin": 0.1, "scale": (2, 1)}]
)
def test_settings_that_cannot_be_meant_are_refused(settings):
    with pytest.raises(InputError):
        SliceRegression(**settings)
