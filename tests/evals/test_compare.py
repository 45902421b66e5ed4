import json

import numpy as np
import pytest
from scipy import stats

from preceptor.core.errors import InputError
from preceptor.evals.compare import compare
from preceptor.evals.difference import Scale
from preceptor.evals.types import ScoreRow


def side(scores, **fields):
    return [ScoreRow(id=f"case-{number}", score=score, **fields) for number, score in enumerate(scores)]


def test_yes_no_scores_get_mcnemar_and_tango():
    """Ratesci's example: 1 gained, 7 lost of 21 gives (-.517, -.026); exact p = 2 x 9/256."""
    outcome = compare(side([0] + [1] * 20), side([1] + [0] * 7 + [1] * 13))
    assert outcome.test == "mcnemar_exact"
    assert outcome.interval == pytest.approx((-0.517, -0.026), abs=5e-4)
    assert outcome.p_value == pytest.approx(18 / 256)
    assert (outcome.n, outcome.improved, outcome.regressed) == (21, 1, 7)
    assert outcome.improved_ids == ("case-0",)
    assert outcome.difference == pytest.approx(-6 / 21)
    assert outcome.candidate_mean - outcome.baseline_mean == pytest.approx(outcome.difference)


def test_graded_scores_get_students_paired_test():
    """Scipy's paired test as a second implementation."""
    before, after = [0.2, 0.5, 0.1, 0.9, 0.4, 0.6], [0.4, 0.45, 0.3, 0.95, 0.7, 0.5]
    outcome = compare(side(before), side(after))
    other = stats.ttest_rel(after, before)
    assert outcome.test == "paired_t"
    assert outcome.p_value == pytest.approx(other.pvalue)
    assert outcome.interval == pytest.approx(tuple(other.confidence_interval(0.95)))


def test_skewed_graded_scores_are_bootstrapped_the_same_way_each_time():
    rng = np.random.default_rng(2)
    before, after = [0.0] * 120, (rng.exponential(0.08, 120) % 1).tolist()
    outcome = compare(side(before), side(after))
    assert outcome.test == "bca_bootstrap"
    assert outcome == compare(side(before), side(after))
    assert outcome.interval.low < outcome.difference < outcome.interval.high


def test_cases_that_share_a_cluster_are_not_counted_as_independent():
    """The same flips, once alone and once as 12 clusters with five copies each."""
    before, after = [1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1], [1, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1]
    alone = compare(side(before), side(after))
    copies = [(case, copy) for case in range(12) for copy in range(5)]
    grouped = compare(
        [ScoreRow(id=f"{case}-{copy}", score=before[case], cluster=f"user-{case}") for case, copy in copies],
        [ScoreRow(id=f"{case}-{copy}", score=after[case]) for case, copy in copies],
    )
    assert grouped.test == "cluster_robust_t"
    assert grouped.n == 60
    width = alone.interval.high - alone.interval.low
    assert grouped.interval.high - grouped.interval.low > 0.9 * width


def test_a_cluster_for_each_case_changes_nothing():
    before, after = [1, 1, 0, 1], [1, 0, 0, 1]
    clustered = [ScoreRow(id=f"case-{n}", score=score, cluster=f"user-{n}") for n, score in enumerate(before)]
    assert compare(clustered, side(after)) == compare(side(before), side(after))


def test_equal_graded_scores_are_not_certainty():
    outcome = compare(side([0.5] * 30), side([0.5] * 30))
    share = 1 - 0.025 ** (1 / 30)
    assert outcome.interval == pytest.approx((-share, share))
    assert outcome.p_value == 1
    assert "widened" in outcome.reason


def test_equal_scores_on_an_unknown_scale_ask_for_the_scale():
    ratings = side([4.0] * 30)
    assert compare(ratings, ratings).interval is None
    assert "scale" in compare(ratings, ratings).reason
    share = 1 - 0.025 ** (1 / 30)
    assert compare(ratings, ratings, scale=Scale(1, 5)).interval == pytest.approx((-4 * share, 4 * share))


def test_a_missing_score_is_not_zero():
    outcome = compare(side([1, 1, 1]), [ScoreRow(id="case-0", score=1), ScoreRow(id="case-1", score=None, reason="x")])
    assert (outcome.n, outcome.candidate_mean, outcome.regressed) == (1, 1, 0)
    assert outcome.unpaired.candidate_missing_score == ("case-1",)
    assert outcome.unpaired.only_in_baseline == ("case-2",)


def test_nothing_in_common_gives_no_figures_but_a_reason():
    outcome = compare(side([1]), [ScoreRow(id="other", score=1)])
    assert (outcome.n, outcome.difference, outcome.interval, outcome.p_value) == (0, None, None, None)
    assert "no case" in outcome.reason
    assert compare([], []).n == 0


def test_each_slice_has_its_own_figures():
    baseline = [ScoreRow(id=str(n), score=1, slices=("even",) if n % 2 == 0 else ("odd", "late")) for n in range(10)]
    candidate = [ScoreRow(id=str(n), score=float(n % 2 == 0)) for n in range(10)]
    found = {part.name: part for part in compare(baseline, candidate).slices}
    assert list(found) == ["even", "late", "odd"]
    assert (found["even"].n, found["even"].difference) == (5, 0)
    assert (found["odd"].difference, found["odd"].p_value) == (-1, pytest.approx(2 / 32))
    assert found["even"].interval.high > 0.3


def test_a_higher_confidence_widens_the_interval():
    low, high = compare(side([1, 0, 1, 1]), side([1, 1, 0, 1])).interval
    wide = compare(side([1, 0, 1, 1]), side([1, 1, 0, 1]), confidence=0.99).interval
    assert wide.low < low
    assert wide.high > high


@pytest.mark.parametrize("confidence", [95, 1.0, 0.0, -0.95, float("nan")])
def test_an_impossible_confidence_is_an_error(confidence):
    with pytest.raises(InputError, match="confidence"):
        compare(side([1]), side([1]), confidence=confidence)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("baseline", "candidate", "lost", "gained", "p_value"),
    [
        ("6b_verification", "175b_finetuning", 209, 152, 0.00315),
        ("175b_finetuning", "175b_verification", 76, 360, 2.9e-45),
    ],
)
def test_gsm8k_systems_differ_as_recorded(shared_data, baseline, candidate, lost, gained, p_value):
    """The exact McNemar p-values of the data's SOURCE.md."""
    text = (shared_data / "gsm8k" / "example_model_solutions.jsonl").read_text()
    solutions = [json.loads(line) for line in text.splitlines()]
    outcome = compare(
        side([float(row[baseline]["is_correct"]) for row in solutions]),
        side([float(row[candidate]["is_correct"]) for row in solutions]),
    )
    assert (outcome.n, outcome.regressed, outcome.improved) == (1319, lost, gained)
    assert outcome.p_value == pytest.approx(p_value, rel=0.005)


@pytest.mark.shared_data
def test_gsm8k_accuracies_are_as_recorded(shared_data):
    """21.68 / 39.04 / 34.72 / 56.25 % (56.2547) for the four systems."""
    text = (shared_data / "gsm8k" / "example_model_solutions.jsonl").read_text()
    solutions = [json.loads(line) for line in text.splitlines()]
    names = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
    scores = {name: side([float(row[name]["is_correct"]) for row in solutions]) for name in names}
    first = compare(scores[names[0]], scores[names[1]])
    second = compare(scores[names[2]], scores[names[3]])
    found = [first.baseline_mean, first.candidate_mean, second.baseline_mean, second.candidate_mean]
    assert found == pytest.approx([0.2168, 0.3904, 0.3472, 0.5625], abs=6e-5)


@pytest.mark.shared_data
def test_ifeval_gpt_4o_differs_from_its_small_sister_as_recorded(shared_data):
    """Prompt level, strict: 40 against 20 of 541, p = .0135."""

    def verdicts(model):
        path = shared_data / "ifeval" / "results" / model / "eval_results_strict.jsonl"
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        return side([float(row["follow_all_instructions"]) for row in rows])

    outcome = compare(verdicts("gpt-4o-mini-2024-07-18"), verdicts("gpt-4o-2024-08-06"))
    assert (outcome.n, outcome.improved, outcome.regressed) == (541, 40, 20)
    assert outcome.p_value == pytest.approx(0.0135, abs=5e-5)
