"""No record says nearly the same as another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np
import pyarrow as pa

from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.near_duplicates import NearDuplicates, cluster_figures, find_near_duplicates
from preceptor.datasets.near_keys import Keep, NearSettings, near_keys
from preceptor.datasets.placed_words import PlacedWords, WordFiles, place_words
from preceptor.datasets.spilled_rows import SpilledRows
from preceptor.datasets.types import CheckFinding, Fix
from preceptor.kernels.shared_run import longest_shared_runs

FINDINGS_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True)
class NearDuplicate:
    """Objects to each record that is nearly the same as one that is kept.

    Two records are near duplicates when the exact Jaccard similarity of their sets of `shingle_words` words
    in a row is `threshold` or more; capitals, punctuation and white space make no difference. Records of
    different kinds, labels or media are never near duplicates. `keep` says which of several is kept:
    `best` (states more of its provenance, then the longer, then the smaller id), `first`, or `longest`.
    The evidence names the kept record, the similarity and the longest run of words that both share.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> texts = ("The order left our house on Monday.", "the order left our house on monday")
    >>> long, short = (make_record("sft", (Message(role="assistant", content=text),)) for text in texts)
    >>> [found.record_id == short.id for found in find_in(NearDuplicate(), [short, long], CheckContext())]
    [True]
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    threshold: float = 0.8
    shingle_words: int = 5
    keep: Keep = "best"

    def __post_init__(self) -> None:
        """Refuse wrong settings."""
        _ = self._settings

    @property
    def _settings(self) -> NearSettings:
        return NearSettings(threshold=self.threshold, shingle_words=self.shingle_words, keep=self.keep)

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """The keys of each record: it meets the others with an equal one."""
        return near_keys(batch, self._settings)

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that is like a kept one, in order; the figures count the clusters."""
        found = find_near_duplicates(gathered, self._settings)
        return Conclusion(_findings(gathered, found), cluster_figures(found))


def _findings(gathered: Gathered, found: NearDuplicates) -> Iterator[CheckFinding]:
    if not len(found.removed):
        return
    wanted = cast("Sequence[int]", np.union1d(found.removed, found.kept))
    with ExitStack() as stack:
        files = WordFiles(*(stack.enter_context(SpilledRows(kind)) for kind in (np.uint64, np.int32, np.int32)))
        words = place_words(gathered.batches(wanted), files)
        for start in range(0, len(found.removed), FINDINGS_AT_ONCE):
            yield from _some_findings(found, slice(start, start + FINDINGS_AT_ONCE), words)
            for file in files:
                file.forget()


def _some_findings(found: NearDuplicates, some: slice, words: PlacedWords) -> Iterator[CheckFinding]:
    removed, kept, kept_ids = found.removed[some], found.kept[some], found.kept_ids[some].to_pylist()
    rows, kept_rows = np.searchsorted(words.ordinals, removed), np.searchsorted(words.ordinals, kept)
    runs = longest_shared_runs(words.words, rows, kept_rows)
    ids = found.removed_ids[some].to_pylist()
    for place, (ordinal, kept_ordinal, score) in enumerate(
        zip(removed.tolist(), kept.tolist(), found.scores[some].tolist(), strict=True)
    ):
        num_words = int(runs.num_words[place])
        evidence: JsonObject = {"kept": kept_ids[place], "kept_index": kept_ordinal, "score": score}
        if num_words:
            evidence["num_shared_words"] = num_words
            evidence["span"] = words.span(int(rows[place]), int(runs.starts[place]), num_words)
            evidence["kept_span"] = words.span(int(kept_rows[place]), int(runs.other_starts[place]), num_words)
        yield CheckFinding(
            record_id=ids[place],
            reason=f"is {score:.3f} like {kept_ids[place]}, which is kept",
            evidence=evidence,
            index=ordinal,
        )
