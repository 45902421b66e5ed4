"""The standard error of a mean when cases share a cluster and so are not independent."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from preceptor.core.errors import InputError


class ClusterSums(NamedTuple):
    """For each cluster, in order of first appearance: how many cases, and the sum of their values."""

    sizes: npt.NDArray[np.float64]
    totals: npt.NDArray[np.float64]


def clustered_standard_error(
    values: Sequence[float], clusters: Sequence[str | None] | None = None, *, small_sample: bool = True
) -> float:
    """Cluster-robust standard error of the mean (CR1): with the factor G/(G-1) for G clusters.

    Miller (2024), "Adding Error Bars to Evals", section 2.2, has no such factor; set
    `small_sample` to False for it. A case whose cluster is None is a cluster of its own; when
    all are, this is the usual standard error. Raises InputError for fewer than two clusters.

    >>> round(clustered_standard_error([1, 0, 1, 0], ["a", "a", "b", "b"]), 4)
    0.0
    """
    sums = cluster_sums(values, clusters)
    num_clusters = len(sums.sizes)
    if num_clusters < 2:  # noqa: PLR2004 - one cluster has no spread
        raise InputError(f"{num_clusters} clusters; a standard error needs at least two")
    mean = sums.totals.sum() / sums.sizes.sum()
    squares = float(np.sum((sums.totals - sums.sizes * mean) ** 2))
    factor = num_clusters / (num_clusters - 1) if small_sample else 1.0
    return sqrt(factor * squares) / float(sums.sizes.sum())


def cluster_sums(values: Sequence[float], clusters: Sequence[str | None] | None = None) -> ClusterSums:
    """Sizes and sums of the clusters; InputError when there is not one cluster name (or None) a value."""
    numbers = np.asarray(values, dtype=np.float64)
    if clusters is None:
        return ClusterSums(np.ones(len(numbers)), numbers)
    if len(clusters) != len(numbers):
        raise InputError(f"{len(clusters)} cluster names for {len(numbers)} values; give one each")
    places: dict[str | int, int] = {}
    where = [places.setdefault(at if name is None else name, len(places)) for at, name in enumerate(clusters)]
    return ClusterSums(
        np.bincount(where, minlength=len(places)).astype(np.float64),
        np.bincount(where, weights=numbers, minlength=len(places)).astype(np.float64),
    )
