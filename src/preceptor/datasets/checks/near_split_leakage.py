"""No near duplicate of what is learnt from stands in another split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np
import pyarrow as pa

from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.near_duplicates import NearDuplicates, find_near_duplicates
from preceptor.datasets.near_keys import NearSettings, near_keys
from preceptor.datasets.types import CheckFinding, Fix


@dataclass(frozen=True, kw_only=True)
class NearSplitLeakage:
    """Objects to each record that nearly says what an earlier record of another split says.

    Near duplicates are those of the check `near_duplicate`: the exact Jaccard similarity of the sets of
    `shingle_words` words in a row is `threshold` or more; the first record of each cluster stays. Where
    near duplicates are dropped before the split there are none left to leak: use this check where
    they are kept on purpose. Records without a split are passed over.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> texts = {"train": "The order left our house on Monday.", "test": "the order left our house on monday"}
    >>> made = {split: make_record("sft", (Message(role="assistant", content=text),)) for split, text in texts.items()}
    >>> records = [replace(record, split=split) for split, record in made.items()]
    >>> [found.evidence["splits"] for found in find_in(NearSplitLeakage(), records, CheckContext())]
    [['train', 'test']]
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    threshold: float = 0.8
    shingle_words: int = 5

    def __post_init__(self) -> None:
        """Refuse wrong settings."""
        _ = self._settings

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """The keys of each record: it meets the others with an equal one."""
        return near_keys(batch, self._settings)

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that is like the first of its cluster but in another split."""
        found = find_near_duplicates(gathered, self._settings)
        wanted = np.union1d(found.removed, found.kept)
        batches = gathered.batches(cast("Sequence[int]", wanted)) if len(wanted) else ()
        splits = {ordinal: record.split for batch in batches for ordinal, record in batch.placed()}
        return Conclusion(_leaks(found, splits), {"num_near_duplicates": len(found.removed)})

    @property
    def _settings(self) -> NearSettings:
        return NearSettings(threshold=self.threshold, shingle_words=self.shingle_words, keep="first")


def _leaks(found: NearDuplicates, splits: Mapping[int, str | None]) -> Iterator[CheckFinding]:
    pairs = zip(found.removed.tolist(), found.kept.tolist(), strict=True)
    for place, (ordinal, kept) in enumerate(pairs):
        split, other = splits[ordinal], splits[kept]
        if split is None or other is None or split == other:
            continue
        score = round(float(found.scores[place]), 4)
        yield CheckFinding(
            record_id=found.removed_ids[place].as_py(),
            reason=f"is {score:.3f} like a record in {other}, and stands in {split}",
            evidence={"record": found.kept_ids[place].as_py(), "score": score, "splits": [other, split]},
            index=ordinal,
        )
