"""Faults of a judge that show beside human labels, without asking it again: length, and its own model's answers."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from preceptor.judges.calibrate import Compared, match_labels
from preceptor.judges.figures import nothing
from preceptor.judges.types import Figure, HumanLabel, JudgedAnswer, Probe
from preceptor.stats.intervals import t_quantile
from preceptor.stats.means import mean_interval, mean_sample
from preceptor.stats.types import Interval

DIFFERENCES = Interval(-1.0, 1.0)
MIN_ANSWERS = 10
"""Answers on either side: with fewer the interval of a difference of two means is not to be trusted."""


def probe_length(answers: Sequence[JudgedAnswer], labels: Sequence[HumanLabel], confidence: float = 0.95) -> Probe:
    """How much higher the judge scores the longer half of the answers that people score alike.

    Within each human label, answers longer than the label's median length are set against the rest.
    The differences are averaged by the number of answers, so what people themselves prefer does not count.
    """
    both = [one for one in match_labels(answers, labels).compared if one.answer.length is not None]
    by_label: dict[float, list[Compared]] = {}
    for one in both:
        by_label.setdefault(one.label, []).append(one)
    longer: list[float] = []
    shorter: list[float] = []
    for group in by_label.values():
        lengths = np.array([one.answer.length for one in group], np.float64)
        is_longer = lengths > np.median(lengths)
        scores = np.array([one.judged for one in group])
        if not is_longer.any() or is_longer.all():
            continue
        # Taken off the group's mean, so that groups of better answers do not look like longer ones.
        longer += (scores - scores.mean())[is_longer].tolist()
        shorter += (scores - scores.mean())[~is_longer].tolist()
    if not both:
        return Probe(name="length", figure=nothing("the lengths of the answers are not known"))
    return Probe(name="length", figure=_difference(longer, shorter, confidence, ("longer", "shorter")))


def probe_self_preference(
    answers: Sequence[JudgedAnswer], labels: Sequence[HumanLabel], own: str, confidence: float = 0.95
) -> Probe:
    """How much more the judge overrates the answers of its own model (`own`) than those of others, beside people.

    Judge minus people is taken for each answer, so that better answers of the own model do not
    count. Answers whose author is not known are passed over.
    """
    both = [one for one in match_labels(answers, labels).compared if one.answer.author]
    if not own:
        return Probe(name="self_preference", figure=nothing("the judge's own model is not known"))
    authors = {one.answer.author for one in both}
    if own not in authors or len(authors) == 1:
        who = ", ".join(sorted(repr(author) for author in authors)) or "authors that are not known"
        return Probe(
            name="self_preference",
            figure=nothing(f"the answers are from {who}; it takes answers of {own!r} and of others", len(both)),
        )
    mine = [one.error for one in both if one.answer.author == own]
    others = [one.error for one in both if one.answer.author != own]
    figure = _difference(mine, others, confidence, ("of its own model", "of others"))
    return Probe(name="self_preference", figure=figure)


def _difference(first: Sequence[float], second: Sequence[float], confidence: float, names: tuple[str, str]) -> Figure:
    """Mean of the first minus that of the second: Welch's t, widened where nearly all values are equal (MOVER)."""
    n = len(first) + len(second)
    for values, name in ((first, names[0]), (second, names[1])):
        if len(values) < MIN_ANSWERS:
            return nothing(f"{len(values)} answers {name}; the comparison needs {MIN_ANSWERS}", n)
    samples = mean_sample(first), mean_sample(second)
    value = samples[0].mean - samples[1].mean
    parts = [float(np.var(values, ddof=1)) / len(values) for values in (first, second)]
    error = sum(parts)
    freedom = (
        error**2 / sum(part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True))
        if error
        else min(len(first), len(second)) - 1
    )
    reach = t_quantile(confidence, int(freedom)) * sqrt(error)
    low, high = value - reach, value + reach
    ends = [mean_interval(sample, confidence, DIFFERENCES) for sample in samples]
    if ends[0] is not None and ends[1] is not None and (samples[0].is_sparse or samples[1].is_sparse):
        low = min(low, value - sqrt((samples[0].mean - ends[0].low) ** 2 + (ends[1].high - samples[1].mean) ** 2))
        high = max(high, value + sqrt((ends[0].high - samples[0].mean) ** 2 + (samples[1].mean - ends[1].low) ** 2))
    return Figure(value=value, interval=Interval(max(low, -1.0), min(high, 1.0)), n=n)
