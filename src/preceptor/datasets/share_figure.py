"""A share as checks report it: with its number of cases and its interval."""

from __future__ import annotations

from preceptor.core.json_values import JsonObject
from preceptor.stats.intervals import wilson


def share_figure(count: int, n: int) -> JsonObject:
    """The share of `count` in `n` with Wilson's 95 % interval; the share of nothing is None, with a reason.

    >>> share_figure(1, 20)
    {'share': 0.05, 'count': 1, 'n': 20, 'interval': [0.0089, 0.2361]}
    >>> share_figure(0, 0)
    {'share': None, 'count': 0, 'n': 0, 'reason': 'there is nothing to count'}
    """
    if n == 0:
        return {"share": None, "count": 0, "n": 0, "reason": "there is nothing to count"}
    ends = wilson(count, n)
    return {"share": round(count / n, 4), "count": count, "n": n, "interval": [round(ends.low, 4), round(ends.high, 4)]}
