"""Shares of tasks solved when each is tried several times: pass@k and pass^k."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import NamedTuple

from preceptor.core.errors import InputError


class Trials(NamedTuple):
    """How often a task was tried, and how often it was solved."""

    num_trials: int
    num_solved: int


def pass_at_k(tasks: Sequence[Trials], k: int) -> float:
    """Mean chance over the tasks that at least one of `k` tries solves it; unbiased.

    Chen et al. (2021), "Evaluating Large Language Models Trained on Code". Raises InputError
    for no tasks, or a task tried fewer than `k` times.

    >>> round(pass_at_k([Trials(10, 3)], k=5), 6)
    0.916667
    """
    _check(tasks, k)
    return sum(1 - comb(n - c, k) / comb(n, k) for n, c in tasks) / len(tasks)


def pass_hat_k(tasks: Sequence[Trials], k: int) -> float:
    """Mean chance over the tasks that all of `k` tries solve it (pass^k): how reliable an agent is; unbiased.

    Yao et al. (2024), "tau-bench". Raises InputError as `pass_at_k`.

    >>> round(pass_hat_k([Trials(4, 4), Trials(4, 2)], k=2), 4)
    0.5833
    """
    _check(tasks, k)
    return sum(comb(c, k) / comb(n, k) for n, c in tasks) / len(tasks)


def _check(tasks: Sequence[Trials], k: int) -> None:
    if not tasks:
        raise InputError("no tasks; a share of nothing is not known")
    if k < 1:
        raise InputError(f"k is {k!r}; write 1 or more")
    for n, c in tasks:
        if not 0 <= c <= n:
            raise InputError(f"{c!r} solved of {n!r} tries is not possible")
        if n < k:
            raise InputError(f"a task was tried {n} times, fewer than k = {k}; try more or lower k")
