"""What a judge's filter is worth: how many of those it took are good in the eyes of people."""

from __future__ import annotations

from itertools import product

from preceptor.judges.types import Calibration, Figure
from preceptor.stats.intervals import wilson
from preceptor.stats.types import Interval


def good_share(num_taken: int, num_judged: int, calibration: Calibration | None) -> Figure:
    """The share of good records among those that the judge took, by its sensitivity and specificity.

    The share of good ones among all judged follows from the share taken (Rogan & Gladen 1978), and
    Bayes' rule gives that among the taken. The interval spans what the ends of the three intervals
    allow, so it is wide rather than wrong. It holds where the judge errs here as it did in its
    calibration. No figure, with the reason, without a calibration, with nothing taken, or for a
    judge that guesses.

    >>> good_share(0, 0, None).reason
    'the judge was never compared with people'
    """
    if calibration is None:
        return Figure(value=None, interval=None, n=num_judged, reason="the judge was never compared with people")
    sensitivity, specificity = calibration.sensitivity, calibration.specificity
    if sensitivity.value is None or specificity.value is None:
        return Figure(value=None, interval=None, n=num_judged, reason="its calibration has labels of one kind only")
    if num_taken == 0:
        return Figure(value=None, interval=None, n=num_judged, reason="nothing was taken")
    value = _share(num_taken / num_judged, sensitivity.value, specificity.value)
    if value is None:
        return Figure(value=None, interval=None, n=num_judged, reason="the judge is no better than guessing")
    ends = [
        _share(*corner)
        for corner in product(
            wilson(num_taken, num_judged),
            sensitivity.interval or (sensitivity.value,),
            specificity.interval or (specificity.value,),
        )
    ]
    reached = [0.0 if end is None else end for end in ends]
    return Figure(value=value, interval=Interval(min(*reached, value), max(*reached, value)), n=num_judged)


def _share(taken: float, sensitivity: float, specificity: float) -> float | None:
    """The positive predictive value at this share taken; None for a judge that guesses."""
    informedness = sensitivity + specificity - 1
    if informedness <= 0 or taken <= 0:
        return None
    good = min(1.0, max(0.0, (taken + specificity - 1) / informedness))
    said_good = sensitivity * good + (1 - specificity) * (1 - good)
    return sensitivity * good / said_good if said_good > 0 else None
