import pytest

from preceptor.core.errors import InputError
from preceptor.evals.pairing import pair_scores
from preceptor.evals.types import ScoreRow


def rows(**scores):
    return [ScoreRow(id=name, score=score) for name, score in scores.items()]


def test_pairs_follow_the_baseline_whatever_the_candidates_order():
    pairs = pair_scores(rows(a=1.0, b=0.0), rows(b=1.0, a=0.5)).pairs
    assert [(pair.id, pair.baseline, pair.candidate) for pair in pairs] == [("a", 1, 0.5), ("b", 0, 1)]


def test_what_cannot_be_paired_is_named_by_why():
    unpaired = pair_scores(rows(a=1.0, b=None, c=1.0, d=None), rows(b=1.0, c=None, d=None, e=0.0)).unpaired
    assert unpaired.only_in_baseline == ("a",)
    assert unpaired.only_in_candidate == ("e",)
    assert unpaired.baseline_missing_score == ("b", "d")
    assert unpaired.candidate_missing_score == ("c", "d")
    assert unpaired.num_cases == 5


def test_ids_that_stand_twice_are_named():
    twice = [*rows(a=1.0), *rows(a=0.0)]
    with pytest.raises(InputError, match="candidate: more than one score for 'a'"):
        pair_scores(rows(a=1.0), twice)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_scores_that_are_no_numbers_are_named(odd):
    with pytest.raises(InputError, match="baseline: no finite number as score of 'b'"):
        pair_scores(rows(a=1.0, b=odd), rows(a=1.0, b=1.0))


def test_cluster_and_slices_may_stand_on_one_side():
    bare, full = ScoreRow(id="a", score=1.0), ScoreRow(id="a", score=1.0, cluster="u1", slices=("x",))
    for pair in (*pair_scores([bare], [full]).pairs, *pair_scores([full], [bare]).pairs):
        assert (pair.cluster, pair.slices) == ("u1", ("x",))


def test_sides_that_contradict_each_other_are_an_error():
    with pytest.raises(InputError, match="cluster 'u1' in the baseline, 'u2' in the candidate"):
        pair_scores([ScoreRow(id="a", score=1.0, cluster="u1")], [ScoreRow(id="a", score=1.0, cluster="u2")])
