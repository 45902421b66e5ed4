"""Mixes the sources in set shares, and holds down the share of what models wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import Gathered
from preceptor.datasets.lottery import lottery_numbers
from preceptor.datasets.step import SourceRanges


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """Leaves records out until the sources stand in the ratio of their `weights`, by the sources' names.

    As many records stay as the ratio allows: the source that is scarcest for its weight is kept whole. A source
    without a weight is kept whole too, and one of weight 0 is left out. A record is never repeated: what
    stands twice is no second example. Then synthetic records (those with a generator) are left out until they are
    at most `max_synthetic_share` of all. Which ones stay follows from their ids and the `seed`.

    >>> Mixture(weights={"support": 3.0, "general": 1.0}).weights["support"]
    3.0
    """

    version: ClassVar[int] = 1
    weights: dict[str, float] = field(default_factory=dict)
    max_synthetic_share: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if any(weight < 0 for weight in self.weights.values()):
            raise InputError(f"weights are {self.weights!r}; give numbers from 0")
        if not 0 <= self.max_synthetic_share <= 1:
            raise InputError(f"max_synthetic_share is {self.max_synthetic_share!r}; give a number from 0 to 1")

    def gather(self, batch: Batch, sources: SourceRanges) -> pa.RecordBatch:
        """Each record's source, its number in the lottery, and whether a model wrote it."""
        drawn = lottery_numbers(batch.ids, self.seed)
        return pa.record_batch(
            {
                "ordinal": batch.table.column("ordinal"),
                "source": pa.array(sources.places(batch.ordinals), pa.int32()),
                "drawn": drawn,
                "is_synthetic": pa.array([record.generator is not None for record in batch.records], pa.bool_()),
            }
        )

    def choose(self, gathered: Gathered, sources: SourceRanges) -> NDArray[np.int64]:
        """The records that the ratio and the cap have no room for."""
        unknown = sorted(set(self.weights) - set(sources.names))
        if unknown:
            raise InputError(f"mixture weighs {unknown[0]!r}; the recipe's sources are {', '.join(sources.names)}")
        parts = list(gathered.parts())
        if not parts:
            return np.empty(0, np.int64)
        rows = pa.concat_tables(parts)
        ordinals, source = rows.column("ordinal").to_numpy(), rows.column("source").to_numpy()
        is_synthetic = rows.column("is_synthetic").to_numpy()
        order = np.lexsort((ordinals, rows.column("drawn").to_numpy()))
        is_kept = np.ones(len(ordinals), np.bool_)
        for place, quota in self._quotas(source, sources).items():
            is_kept[order[source[order] == place][quota:]] = False
        num_real = int(np.count_nonzero(is_kept & ~is_synthetic))
        synthetic = order[(is_kept & is_synthetic)[order]]
        is_kept[synthetic[self._room(num_real, len(synthetic)) :]] = False
        return np.sort(ordinals[~is_kept])

    def _quotas(self, source: NDArray[np.int32], sources: SourceRanges) -> dict[int, int]:
        sizes = {place: int(np.count_nonzero(source == place)) for place in range(len(sources.names))}
        weights = {place: self.weights[name] for place, name in enumerate(sources.names) if name in self.weights}
        scale = min((sizes[place] / weight for place, weight in weights.items() if weight > 0), default=0.0)
        return {place: round(weight * scale) for place, weight in weights.items()}

    def _room(self, num_real: int, num_synthetic: int) -> int:
        if self.max_synthetic_share >= 1:
            return num_synthetic
        return min(num_synthetic, int(num_real * self.max_synthetic_share / (1 - self.max_synthetic_share)))
