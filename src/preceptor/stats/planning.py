"""How many cases to collect so that a candidate that is as good passes the gate, by the gate's own tests.

Power is the chance of a pass when the true difference is the one planned for. Yes/no scores: the exact test, its
power summed over the trinomial. Graded or clustered scores: the bounded test on a sample of the spread planned for,
moved down by what chance does in the share of cases that are to pass. The design effect of clusters is Kish (1965),
Survey Sampling: 1 + (size - 1) icc.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from scipy import special

from preceptor.core.errors import InputError
from preceptor.stats.bounded_mean import BoundedSample, bounded_p_above
from preceptor.stats.exact_paired import exact_p_above
from preceptor.stats.intervals import check_confidence, normal_quantile
from preceptor.stats.paired import Flips, tango_statistic
from preceptor.stats.power import MAX_N, smallest_n
from preceptor.stats.types import Interval

RARE = 1e-6
NUM_KNOTS = 9
MOST_PAIRS = 3000
"""Above it the power is that of the normal approximation, whose n then differs by less than one in a hundred."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """What is planned: the margin, and how much scores will change from case to case.

    Give `discordance`, the share of cases whose yes/no score will flip either way, or `spread`, the
    standard deviation of the changes of a graded score; `scale` is the width of its scale. `difference` is
    the true one that should pass. Cases come in clusters of `cluster_size`, whose changes correlate
    by `icc`.
    """

    margin: float
    discordance: float | None = None
    spread: float | None = None
    difference: float = 0.0
    power: float = 0.8
    confidence: float = 0.95
    scale: float = 1.0
    cluster_size: int = 1
    icc: float = 0.0

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if (self.discordance is None) == (self.spread is None):
            raise InputError("give either the discordance (yes/no scores) or the spread (graded scores), not both")
        if self.discordance is not None and not abs(self.difference) <= self.discordance <= 1:
            raise InputError(f"discordance is {self.discordance!r}; write a share from the size of the difference to 1")
        if self.spread is not None and not 0 <= self.spread <= self.scale:
            raise InputError(f"spread is {self.spread!r}; write a standard deviation from 0 to the scale's width")
        if not (self.margin + self.difference > 0 and abs(self.difference) < self.scale):
            raise InputError(f"a difference of {self.difference!r} does not lie above minus the margin")
        if not 0 < self.power < 1:
            raise InputError(f"power is {self.power!r}; write a share between 0 and 1, such as 0.8")
        if self.cluster_size < 1 or not 0 <= self.icc <= 1:
            raise InputError(f"cluster_size is {self.cluster_size!r} and icc {self.icc!r}; write 1 or more, and 0 to 1")

    @property
    def is_exact(self) -> bool:
        """True when the gate would use the exact test: yes/no scores of independent cases."""
        return self.discordance is not None and self.cluster_size == 1

    @property
    def standard_deviation(self) -> float:
        """Of one case's change."""
        if self.discordance is not None:
            return sqrt(self.discordance - self.difference**2)
        return self.spread or 0.0


class Plan(NamedTuple):
    """Cases, and clusters of them, to collect; None where more than a million would be needed."""

    n: int | None
    num_clusters: int | None
    design_effect: float


def plan(design: Design) -> Plan:
    """How many cases pass the gate in the share `power` of releases whose true difference is the one planned.

    The exact test's power goes up and down a little with n; the n given has the power and one fewer has not.

    >>> plan(Design(margin=0.02, discordance=0.0)).n
    183
    """
    effect = 1 + (design.cluster_size - 1) * design.icc
    if design.is_exact:
        # Far below the normal approximation's n nothing passes with the power.
        rough = (_reach(design) * design.standard_deviation / (design.margin + design.difference)) ** 2
        n = smallest_n(lambda pairs: power_of(design, pairs) >= design.power, fails_at=int(0.7 * min(rough, MAX_N)))
        return Plan(n, n, effect)
    clusters = smallest_n(lambda num: _is_shown(design, num), fails_at=0)
    return Plan(clusters and clusters * design.cluster_size, clusters, effect)


def power_of(design: Design, n: int) -> float:
    """Chance that `n` independent yes/no pairs pass non-inferiority by the exact test, if the design is true."""
    discordance = design.discordance or 0.0
    gain, loss = (discordance + design.difference) / 2, (discordance - design.difference) / 2
    if n > MOST_PAIRS:
        error = design.standard_deviation / sqrt(n)
        reach = (design.margin + design.difference) / error if error else np.inf
        return float(special.ndtr(reach - normal_quantile(design.confidence)))
    every = np.arange(n + 1)
    chances = _binomial(n, gain, every)
    gained = every[chances > RARE]
    most_lost = _most_lost(design, gained, n)
    among_rest = min(loss / (1 - gain), 1.0) if gain < 1 else 0.0
    few_lost = special.bdtr(np.maximum(most_lost, 0), n - gained, among_rest)
    return float(np.sum(chances[gained] * np.where(most_lost < 0, 0.0, few_lost)))


def smallest_margin(design: Design, n: int) -> float:
    """The smallest margin that `n` cases pass with the design's power; its own margin is not looked at.

    >>> round(smallest_margin(Design(margin=0.02, discordance=0.0), 183), 3)
    0.02
    """
    low, high = max(0.0, -design.difference), design.scale - abs(design.difference)
    for _ in range(14):
        middle = (low + high) / 2
        tried = replace(design, margin=middle)
        is_enough = (
            power_of(tried, n) >= design.power if design.is_exact else _is_shown(tried, ceil(n / design.cluster_size))
        )
        low, high = (low, middle) if is_enough else (middle, high)
    return high


def _most_lost(design: Design, gained: np.ndarray, n: int) -> np.ndarray:
    """For each number gained the most losses that still pass, -1 for none: exact at some, between them on a line.

    The boundary is nearly straight, and takes a few exact tests a place to find.
    """
    places = np.unique(np.linspace(0, len(gained) - 1, NUM_KNOTS).round().astype(int))
    knots = gained[places]
    found = [_most_lost_beside(design, int(number), n) for number in knots]
    between: np.ndarray = np.floor(np.interp(gained, knots, np.array(found) + 0.5))
    between[places] = found
    return between


def _most_lost_beside(design: Design, gained: int, n: int) -> int:
    tail, z = (1 - design.confidence) / 2, normal_quantile(design.confidence)

    def is_passed(lost: int) -> bool:
        return lost < 0 or (lost <= n - gained and exact_p_above(Flips(gained, lost, n), -design.margin) <= tail)

    # Tango's boundary is at most a few losses away.
    every = np.arange(n - gained + 1, dtype=np.float64)
    lost = int(np.sum(tango_statistic(np.full(len(every), float(gained)), every, n, -design.margin) > z)) - 1
    while not is_passed(lost):
        lost -= 1
    while is_passed(lost + 1):
        lost += 1
    return lost


def _reach(design: Design) -> float:
    return normal_quantile(design.confidence) + float(special.ndtri(design.power))


def _binomial(n: int, share: float, counts: np.ndarray) -> np.ndarray:
    log_ways = special.gammaln(n + 1) - special.gammaln(counts + 1) - special.gammaln(n - counts + 1)
    chances: np.ndarray = np.exp(log_ways + special.xlogy(counts, share) + special.xlog1py(n - counts, -share))
    return chances


def _is_shown(design: Design, num_clusters: int) -> bool:
    """Whether the bounded test passes a sample that came out as low as one in 1 - power does."""
    size = design.cluster_size
    spread = design.standard_deviation * sqrt((1 + (size - 1) * design.icc) / size)
    mean = design.difference - float(special.ndtri(design.power)) * spread / sqrt(num_clusters)
    bounds = Interval(-design.scale, design.scale)
    reach = min(spread, design.scale - abs(mean))
    sample = BoundedSample(
        counts=np.array([num_clusters / 2, num_clusters / 2]),
        totals=np.array([mean - reach, mean + reach]) * size,
        sizes=np.array([float(size), float(size)]),
        largest=float(size),
        bounds=bounds,
    )
    return reach >= 0 and bounded_p_above(sample, -design.margin) <= (1 - design.confidence) / 2
