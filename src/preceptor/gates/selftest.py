"""How often a policy would be wrong on data like yours: pairs of runs without a difference, and with one at the bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from preceptor.core.errors import InputError
from preceptor.gates.decide import decide
from preceptor.gates.policy import Policy
from preceptor.gates.resampled import Move, Resampler, Scale
from preceptor.gates.types import CriterionResult, Decision, Evidence, Verdict
from preceptor.stats.intervals import wilson
from preceptor.stats.types import Interval

MOST_REPLICATES = 10_000
POLICY = "the whole policy"

TWO_RUNS = (
    "cases (clusters, where they share one) are drawn with replacement from both runs, and each one's two sides change "
    "places with a chance of one half: there is no difference, and scores waver as much as between these two runs"
)
ONE_RUN = (
    "cases (clusters, where they share one) are drawn with replacement from one run, which stands on both sides: there "
    "is no difference, and no score wavers between two runs of one model; give two runs for a harder test"
)
AT_BAR = (
    "at the bar, the candidate is made worse by exactly the margin (or its mean exactly the minimum): drawn cases fall "
    "to the lowest score, whole clusters at once"
)


class Rate(NamedTuple):
    """How often something happened in `n` pairs, with Wilson's 95 % interval."""

    times: int
    n: int
    interval: Interval

    @property
    def value(self) -> float:
        """The share."""
        return self.times / self.n


class Rates(NamedTuple):
    """How often the three verdicts were given."""

    passed: Rate
    failed: Rate
    inconclusive: Rate


class SelfTest(NamedTuple):
    """One criterion's verdicts, or the whole policy's.

    `no_difference`: a fail is a false alarm, unless the bar is an absolute one that the run itself misses;
    a pass is power. `at_bar`: a pass is a false GO; None, with the reason, where no score could be moved to
    a bar. For the policy it is the worst of its critical criteria's bars.
    """

    name: str
    kind: str
    no_difference: Rates
    at_bar: Rates | None
    reason: str = ""


class SelfTestReport(NamedTuple):
    """The verdicts over `num_replicates` made-up pairs of `num_units` units; `assumptions` say how they were made."""

    num_replicates: int
    num_units: int
    policy: SelfTest
    criteria: tuple[SelfTest, ...]
    assumptions: tuple[str, ...]


def selftest(
    evidence: Evidence,
    policy: Policy,
    rng: np.random.Generator,
    num_replicates: int = 200,
    progress: Callable[[int, int], None] | None = None,
) -> SelfTestReport:
    """What the policy says of pairs made from the evidence's scores: false alarms, false GOs, and how often neither.

    For one run, give its rows on both sides. `progress` is told pairs done and pairs in all;
    what it raises stops the test. Waivers are left out. Raises InputError as `Resampler.of`.
    """
    if not 1 <= num_replicates <= MOST_REPLICATES:
        raise InputError(f"num_replicates is {num_replicates!r}; write a number from 1 to {MOST_REPLICATES:,}")
    resampler = Resampler.of(evidence)
    first = decide(resampler.draw(np.random.default_rng(rng.integers(2**63))), policy)
    moves = [_move(result, resampler) for result in first.criteria]
    possible = {move: resampler.chance_of_move(move) is not None for move in moves if move}
    scenarios: list[Move | None] = [None, *(move for move, is_possible in possible.items() if is_possible)]
    verdicts: dict[Move | None, list[Verdict]] = {scenario: [] for scenario in scenarios}
    total = num_replicates * len(scenarios)
    for done in range(total):
        scenario = scenarios[done % len(scenarios)]
        verdicts[scenario].append(decide(resampler.draw(rng, scenario), policy))
        if progress:
            progress(done + 1, total)
    criteria = tuple(
        _of_criterion(place, result, verdicts, move)
        for place, (result, move) in enumerate(zip(first.criteria, moves, strict=True))
    )
    critical = {move for move, result in zip(moves, first.criteria, strict=True) if move and result.tier == "critical"}
    assumptions = (ONE_RUN if evidence.baseline == evidence.candidate else TWO_RUNS, AT_BAR)
    return SelfTestReport(num_replicates, len(resampler.units), _of_policy(verdicts, critical), criteria, assumptions)


def _move(result: CriterionResult, resampler: Resampler) -> Move | None:
    """The move that brings the candidate to the criterion's bar; None for one without a bar for a metric's mean."""
    mean = resampler.mean(result.metric)
    change = _change(result, mean)
    if change is None:
        return None
    given = result.settings.get("scale")
    if isinstance(given, list | tuple) and len(given) == 2:  # noqa: PLR2004 - lowest and highest
        return Move(result.metric, change, Scale(float(str(given[0])), float(str(given[1]))))
    return Move(result.metric, change, Scale(0.0, 1.0))


def _change(result: CriterionResult, mean: float | None) -> float | None:
    settings = result.settings
    margin, gain, minimum = (settings.get(name) for name in ("margin", "minimum_gain", "minimum"))
    if mean is None:
        return None
    if isinstance(margin, int | float):
        return -float(margin)
    if isinstance(gain, int | float):
        return float(gain)
    if result.kind == "threshold" and isinstance(minimum, int | float):
        return float(minimum) - mean
    return None


def _of_criterion(
    place: int, result: CriterionResult, verdicts: Mapping[Move | None, list[Verdict]], move: Move | None
) -> SelfTest:
    def said(scenario: Move | None) -> Rates:
        return _rates([verdict.criteria[place].verdict for verdict in verdicts[scenario]])

    reason = ""
    if move is None:
        reason = "it sets no bar for the mean of a metric that has scores"
    elif move not in verdicts:
        reason = f"the scores of {move.metric!r} leave no room for a change of {move.change:+.4g}"
    return SelfTest(result.name, result.kind, said(None), said(move) if move and not reason else None, reason)


def _of_policy(verdicts: Mapping[Move | None, list[Verdict]], critical: set[Move]) -> SelfTest:
    """The worst of the critical criteria's bars: at another's bar a GO may be right."""
    said = {move: _rates([verdict.verdict for verdict in given]) for move, given in verdicts.items()}
    at_bars = [rates for move, rates in said.items() if move in critical]
    worst = max(at_bars, key=lambda rates: rates.passed.times, default=None)
    return SelfTest(POLICY, "policy", said[None], worst, "" if worst else "no criterion has a bar to move scores to")


def _rates(decisions: list[Decision]) -> Rates:
    counts, n = Counter(decisions), len(decisions)
    passed, failed, neither = (Rate(counts[one], n, wilson(counts[one], n)) for one in ("pass", "fail", "inconclusive"))
    return Rates(passed, failed, neither)
