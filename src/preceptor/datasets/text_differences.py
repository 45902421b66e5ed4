"""What keeps records apart, though their texts are alike: kind, media, labels, and which answer is the better one."""

from __future__ import annotations

import hashlib

import numpy as np

from preceptor.datasets.batch import Batch
from preceptor.kernels.shingles import Apart

_NUM_ANSWERS = {"preference": 2}


def text_differences(batch: Batch) -> Apart:
    """For each record of the batch, as the kernels take it.

    Records of another kind, with other media or with other labels are never like each other, and neither are
    preferences whose answers changed places. The roles of the turns make no difference.
    """
    shapes = batch.table.column("shape").dictionary_encode()
    known = [_difference(shape) for shape in shapes.dictionary.to_pylist()]
    places = shapes.indices.to_numpy(zero_copy_only=False)
    tags = np.array([tag for tag, _ in known], np.uint64)
    num_placed = np.array([count for _, count in known], np.int64)
    return Apart(tags[places], num_placed[places])


def _difference(shape: str) -> tuple[int, int]:
    kind, _, rest = shape.partition("|")
    labels = rest.partition("|")[2]
    if not labels and kind == "sft":
        return 0, 0
    digest = hashlib.blake2b(f"{kind}|{labels}".encode(), digest_size=8).digest()
    ranks = labels.split("|")[3:4] if kind == "ranking" else []
    num_placed = _NUM_ANSWERS.get(kind, ranks[0].count(",") + 1 if ranks else 0)
    return int.from_bytes(digest, "little"), num_placed
