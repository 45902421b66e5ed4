"""Find the records that say nearly the same as one that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.core.json_values import JsonObject
from preceptor.datasets.check import Gathered
from preceptor.datasets.near_candidates import Candidates, read_candidates
from preceptor.datasets.near_keys import NearSettings
from preceptor.datasets.near_meetings import Places, as_rows, equal_keys, meetings_of, without_crowds
from preceptor.datasets.spilled_rows import SpilledRows
from preceptor.kernels.keep_best import KEPT, choose, open_choice

COMPARED_AT_ONCE = 50_000


class NearDuplicates(NamedTuple):
    """Record `removed[i]` is `scores[i]` like record `kept[i]`, which is kept; ordinals, `removed` in order."""

    removed: NDArray[np.int64]
    kept: NDArray[np.int64]
    removed_ids: pa.Array
    kept_ids: pa.Array
    scores: NDArray[np.float64]
    num_compared: int


class Chosen(NamedTuple):
    """For each candidate the row of the kept one that it is removed for, or KEPT, and how like the two are."""

    partners: NDArray[np.int64]
    scores: NDArray[np.float64]
    num_compared: int


def find_near_duplicates(gathered: Gathered, settings: NearSettings) -> NearDuplicates:
    """The near duplicates among all records, whose `near_keys` were gathered.

    From the record of highest quality down, each is compared with the kept ones that it meets. It is removed
    when its exact similarity to one of them reaches the threshold, else it is kept. So each removed
    record is like a kept one, and of a chain a, b, c in which only neighbours are alike, a and c may stay.
    In memory stand some numbers for each record that meets another; texts and sets are on disk.
    """
    places = equal_keys(gathered)
    with SpilledRows(np.uint64) as spilled:
        ordinals = cast("Sequence[int]", np.unique(places.members))
        candidates = read_candidates(gathered.batches(ordinals) if len(ordinals) else (), settings, spilled)
        chosen = choose_kept(candidates, places, settings, spilled)
        removed = np.flatnonzero(chosen.partners != KEPT)
        kept = chosen.partners[removed]
        return NearDuplicates(
            removed=candidates.ordinals[removed],
            kept=candidates.ordinals[kept],
            removed_ids=_taken(candidates.ids, removed),
            kept_ids=_taken(candidates.ids, kept),
            scores=chosen.scores[removed],
            num_compared=chosen.num_compared,
        )


def choose_kept(
    candidates: Candidates,
    places: Places,
    settings: NearSettings,
    spilled: SpilledRows,
    is_out: NDArray[np.bool_] | None = None,
) -> Chosen:
    """Which of the candidates are kept; those that are `is_out` are looked at no more, and count as kept here."""
    leaders, sets = candidates.leaders, candidates.sets
    leads = leaders == np.arange(len(leaders))
    if is_out is not None:
        leads &= ~is_out
    leading = without_crowds(as_rows(places, candidates.ordinals, leads), sets, settings.threshold)
    spilled.forget()
    meetings = meetings_of(leading, len(leaders))
    choice = open_choice(meetings, leading.num_groups)
    order = candidates.order[leads[candidates.order]]
    num_compared = 0
    for start in range(0, len(order), COMPARED_AT_ONCE):
        num_compared += choose(order[start : start + COMPARED_AT_ONCE], sets, meetings, settings.threshold, choice)
        spilled.forget()
    # A record with the set of its leader fares as the leader does; where that is kept, it is its copy.
    partners, scores = choice.partners[leaders], choice.scores[leaders]
    is_copy = (partners == KEPT) & (leaders != np.arange(len(leaders)))
    if is_out is not None:
        is_copy &= ~is_out
    partners[is_copy], scores[is_copy] = leaders[is_copy], 1.0
    return Chosen(partners, scores, num_compared)


def cluster_figures(found: NearDuplicates) -> JsonObject:
    """How many clusters there are, each a kept record with those removed for it, and how many of which size."""
    _, removed = np.unique(found.kept, return_counts=True)
    sizes, counts = np.unique(removed + 1, return_counts=True)
    return {
        "num_clusters": len(removed),
        "num_removed": len(found.removed),
        "largest_cluster": int(sizes[-1]) if len(sizes) else 0,
        "cluster_sizes": {str(size): count for size, count in zip(sizes.tolist(), counts.tolist(), strict=True)},
        "num_compared": found.num_compared,
    }


def _taken(ids: pa.ChunkedArray, rows: NDArray[np.int64]) -> pa.Array:
    taken = ids.take(pa.array(rows))
    return taken.combine_chunks() if isinstance(taken, pa.ChunkedArray) else taken
