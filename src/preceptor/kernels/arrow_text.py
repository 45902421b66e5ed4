"""The bytes of an Arrow column of texts as numpy arrays, without a copy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class TextBytes(NamedTuple):
    """Text `i` is the UTF-8 in `values[offsets[i]:offsets[i + 1]]`; both belong to Arrow and are never written."""

    offsets: NDArray[np.int64]
    values: NDArray[np.uint8]


def text_bytes(texts: pa.LargeStringArray) -> TextBytes:
    """Views of the offsets and the bytes; a null counts as an empty text.

    >>> found = text_bytes(pa.array(["ab", None, "c"], pa.large_string()))
    >>> found.offsets.tolist(), bytes(found.values)
    ([0, 2, 2, 3], b'abc')
    """
    _, offsets, values = texts.buffers()
    if offsets is None or not len(texts):
        return TextBytes(np.zeros(1, np.int64), np.empty(0, np.uint8))
    places = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    characters = np.empty(0, np.uint8) if values is None else np.frombuffer(values, np.uint8)
    return TextBytes(places, characters)
