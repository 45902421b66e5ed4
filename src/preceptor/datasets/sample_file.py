"""Draw a stratified sample from a file of records, each with what it stands for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.files import whole_file
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import BadRow
from preceptor.datasets.batch import Batch
from preceptor.datasets.read_records import iter_record_batches
from preceptor.datasets.record_rows import record_row
from preceptor.datasets.sampling_plan import SamplingPlan, StratumShare, draw_sample, iter_frame


class FileSample(NamedTuple):
    """How many records were drawn of how many, by stratum; records that stand twice count once."""

    num_records: int
    num_drawn: int
    strata: tuple[StratumShare, ...]


def sample_file(path: Path, out: Path, plan: SamplingPlan) -> FileSample:
    """Write the drawn records to `out` (JSONL), in the order of the file, whole or not at all.

    `metadata.sampling` of each holds its stratum, the probability that it is drawn, and its weight. Raises
    InputError for a row that is no record: the weights would be of other numbers than the file has.
    """
    drawn = draw_sample(iter_frame(_batches(path), plan), plan)
    by_id = {one.record_id: one for one in drawn.records}
    with whole_file(out) as stream:
        for batch in _batches(path):
            for record in batch.records:
                one = by_id.pop(record.id, None)
                if one is not None:
                    said: JsonObject = {"stratum": one.stratum, "probability": one.probability, "weight": one.weight}
                    row = record_row(replace(record, metadata={**record.metadata, "sampling": said}))
                    stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    num_records = sum(share.num_records for share in drawn.strata)
    return FileSample(num_records, len(drawn.records), drawn.strata)


def _batches(path: Path) -> Iterator[Batch]:
    for found in iter_record_batches([path]):
        if isinstance(found, BadRow):
            raise InputError(f"{path}:{found.number}: {found.reason}; mend or remove the row, then draw")
        yield found
