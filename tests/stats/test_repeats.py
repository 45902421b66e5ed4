import json
from collections import defaultdict

import pytest

from preceptor.core.errors import InputError
from preceptor.stats.repeats import Trials, pass_at_k, pass_hat_k


@pytest.mark.parametrize(("n", "c", "k", "expected"), [(10, 3, 5, 0.916667), (200, 13, 10, 0.497551)])
def test_pass_at_k_gives_the_reference_values(n, c, k, expected):
    """Chen et al. (2021), the unbiased estimator."""
    assert pass_at_k([Trials(n, c)], k) == pytest.approx(expected, abs=1e-6)


def test_by_hand():
    """Two of three solved: a pair holds a success always, is all successes in one of three cases."""
    assert pass_at_k([Trials(3, 2)], 2) == 1
    assert pass_hat_k([Trials(3, 2)], 2) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("tasks", "k"), [([], 1), ([Trials(3, 1)], 4), ([Trials(3, 1)], 0), ([Trials(3, 4)], 1)])
def test_impossible_arguments_are_errors(tasks, k):
    with pytest.raises(InputError):
        pass_hat_k(tasks, k)


@pytest.mark.shared_data
def test_tau_bench_gives_the_published_reliability(shared_data):
    """The leaderboard of tau-bench: GPT-4o, airline, pass^1 to pass^4 .420 / .273 / .220 / .200."""
    trajectories = json.loads((shared_data / "tau_bench_airline_gpt4o" / "gpt-4o-airline.json").read_text())
    rewards = defaultdict(list)
    for trajectory in trajectories:
        rewards[trajectory["task_id"]].append(abs(trajectory["reward"] - 1) < 1e-6)
    tasks = [Trials(len(solved), sum(solved)) for solved in rewards.values()]
    assert len(tasks) == 50
    found = [pass_hat_k(tasks, k) for k in (1, 2, 3, 4)]
    assert found == pytest.approx([0.42, 0.2733, 0.22, 0.2], abs=5e-5)
