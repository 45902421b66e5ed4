"""The keys under which records meet that may be near duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.text_differences import text_differences
from preceptor.kernels.minhash import Banding, band_keys, choose_banding, sketch_shingles
from preceptor.kernels.shingles import Shingles, shingle_texts

Keep = Literal["best", "first", "longest"]
MIN_THRESHOLD = 0.3
MAX_SHINGLE_WORDS = 50


@dataclass(frozen=True, kw_only=True)
class NearSettings:
    """What a near duplicate is, and which record of several is kept.

    Two texts are near duplicates when the Jaccard similarity of their sets of `shingle_words` words in
    a row is `threshold` or more.
    """

    threshold: float = 0.8
    shingle_words: int = 5
    keep: Keep = "best"

    def __post_init__(self) -> None:
        """Refuse what no text can reach and what every text reaches."""
        if not MIN_THRESHOLD <= self.threshold <= 1:
            raise InputError(f"threshold is {self.threshold!r}; give a similarity from {MIN_THRESHOLD} to 1")
        if not 1 <= self.shingle_words <= MAX_SHINGLE_WORDS:
            raise InputError(f"shingle_words is {self.shingle_words!r}; give 1 to {MAX_SHINGLE_WORDS} words")
        if self.keep not in {"best", "first", "longest"}:
            raise InputError(f"keep is {self.keep!r}; it is best, first or longest")

    @property
    def banding(self) -> Banding:
        """How sketches are cut, so that near duplicates at the threshold meet 997 times in 1,000."""
        return choose_banding(self.threshold)


def batch_shingles(batch: Batch, settings: NearSettings) -> Shingles:
    """The shingles of each record's text, in its order."""
    return shingle_texts(batch.texts, settings.shingle_words, text_differences(batch))


def near_keys(batch: Batch, settings: NearSettings) -> pa.RecordBatch:
    """Columns `ordinal` and `bucket`: one row a record and band, none for a record without text."""
    shingles = batch_shingles(batch, settings)
    banding = settings.banding
    keys = band_keys(sketch_shingles(shingles, banding.bands * banding.rows), banding)
    has_text = np.diff(shingles.offsets) > 0
    ordinals = np.asarray(batch.table.column("ordinal"))[has_text]
    return pa.record_batch(
        {
            "ordinal": pa.array(np.repeat(ordinals, banding.bands), pa.int64()),
            "bucket": pa.array(keys[has_text].ravel(), pa.uint64()),
        }
    )
