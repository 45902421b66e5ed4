import pytest

from preceptor.core.errors import InputError
from preceptor.stats.clustered import clustered_standard_error

SCORES = [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1]
CLUSTERS = list("aaabbbccdddd")


def test_both_conventions_give_their_published_errors():
    """1,1,1|0,0,1|1,0|0,0,0,1: statsmodels and inspect_ai agree on both."""
    assert clustered_standard_error(SCORES, CLUSTERS, small_sample=False) == pytest.approx(0.155902, abs=1e-6)
    assert clustered_standard_error(SCORES, CLUSTERS) == pytest.approx(0.180021, abs=1e-6)


def test_without_clusters_it_is_the_usual_error():
    """The naive error of the same scores is .150756."""
    assert clustered_standard_error(SCORES) == pytest.approx(0.150756, abs=1e-6)
    assert clustered_standard_error(SCORES, [None] * 12) == pytest.approx(0.150756, abs=1e-6)


@pytest.mark.parametrize("clusters", [["a"] * 12, ["a"] * 3])
def test_one_cluster_or_a_wrong_number_of_names_is_an_error(clusters):
    with pytest.raises(InputError):
        clustered_standard_error(SCORES, clusters)
