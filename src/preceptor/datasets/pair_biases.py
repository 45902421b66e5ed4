"""Whether a property of answers that is not their quality tells which of a pair is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.json_values import JsonObject
from preceptor.datasets.share_figure import share_figure
from preceptor.stats.intervals import normal_quantile
from preceptor.stats.paired import Flips, tango_interval
from preceptor.stats.types import Interval

FEWEST_FOR_SPREAD = 2


@dataclass(kw_only=True)
class PairCounts:
    """Counts over pairs, added part by part.

    `chosen_longer` of `unequal` pairs of different length; `chosen_first` of the `placed` ones of
    which it is known who was shown first; of the pairs in which one answer alone opens with
    agreement, `chosen_agrees` and `rejected_agrees`.
    """

    n: int = 0
    equal: int = 0
    near_identical: int = 0
    unequal: int = 0
    chosen_longer: int = 0
    placed: int = 0
    chosen_first: int = 0
    chosen_agrees: int = 0
    rejected_agrees: int = 0
    sum_of_ratios: float = 0.0
    sum_of_squares: float = 0.0

    def add(self, part: pa.Table, near_identical: float) -> None:
        """Count the pairs of one part."""
        ratios, agrees, other = part.column("log_ratio"), part.column("chosen_agrees"), part.column("rejected_agrees")
        self.n += part.num_rows
        self.equal += _true(part.column("is_equal"))
        is_near = pc.greater_equal(part.column("likeness"), near_identical)
        self.near_identical += _true(pc.and_not(is_near, part.column("is_equal")))
        self.unequal += _true(pc.not_equal(part.column("longer"), 0))
        self.chosen_longer += _true(pc.equal(part.column("longer"), 1))
        self.placed += len(part) - part.column("chosen_first").null_count
        self.chosen_first += _true(part.column("chosen_first"))
        self.chosen_agrees += _true(pc.and_not(agrees, other))
        self.rejected_agrees += _true(pc.and_not(other, agrees))
        self.sum_of_ratios += pc.sum(ratios).as_py() or 0.0
        self.sum_of_squares += pc.sum(pc.multiply(ratios, ratios)).as_py() or 0.0

    def figures(self) -> JsonObject:
        """Each share with its number of pairs and interval."""
        flips = Flips(self.chosen_agrees, self.rejected_agrees, self.n)
        return {
            "num_pairs": self.n,
            "equal": share_figure(self.equal, self.n),
            "near_identical": share_figure(self.near_identical, self.n),
            "chosen_longer": share_figure(self.chosen_longer, self.unequal),
            "length_effect": self._length_effect(),
            "chosen_shown_first": share_figure(self.chosen_first, self.placed),
            "agreement_difference": {
                "difference": round(flips.difference, 4),
                "chosen_only": self.chosen_agrees,
                "rejected_only": self.rejected_agrees,
                "n": self.n,
                "interval": [round(end, 4) for end in self.agreement_interval()],
            },
        }

    def agreement_interval(self) -> Interval:
        """Of the share of chosen answers that open with agreement minus that of the rejected ones (Tango)."""
        return tango_interval(Flips(self.chosen_agrees, self.rejected_agrees, self.n))

    def _length_effect(self) -> JsonObject:
        """The mean logarithm of the lengths' ratio in standard deviations (Cohen's d of paired values).

        Its interval is the large-sample one: Hedges and Olkin, Statistical Methods for
        Meta-Analysis (1985), chapter 5.
        """
        n = self.n
        variance = (self.sum_of_squares - self.sum_of_ratios**2 / n) / (n - 1) if n >= FEWEST_FOR_SPREAD else 0.0
        if variance <= 0:
            return {"value": None, "n": n, "reason": "the lengths do not vary"}
        effect = self.sum_of_ratios / n / sqrt(variance)
        half = normal_quantile(0.95) * sqrt(1 / n + effect**2 / (2 * n))
        return {"value": round(effect, 4), "n": n, "interval": [round(effect - half, 4), round(effect + half, 4)]}


def _true(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)
