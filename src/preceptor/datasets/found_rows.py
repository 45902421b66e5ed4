"""Findings as Arrow rows, and as the lines of a file beside a version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import pyarrow as pa

from preceptor.core.json_values import JsonObject
from preceptor.datasets.types import CheckFinding

# A finding about the dataset as a whole stands before those about records.
NO_ORDINAL = -1
FOUND_SCHEMA = pa.schema(
    [
        ("ordinal", pa.int64()),
        ("record_id", pa.string()),
        ("reason", pa.string()),
        ("evidence", pa.large_binary()),
    ]
)
_ENCODER = msgspec.json.Encoder(order="sorted")
_EVIDENCE = msgspec.json.Decoder(JsonObject)


def found_rows(findings: Sequence[CheckFinding]) -> pa.RecordBatch:
    """The findings as rows, in the order given."""
    columns = [
        pa.array([NO_ORDINAL if found.index is None else found.index for found in findings], pa.int64()),
        pa.array([found.record_id for found in findings], pa.string()),
        pa.array([found.reason for found in findings], pa.string()),
        pa.array([_ENCODER.encode(found.evidence) for found in findings], pa.large_binary()),
    ]
    return pa.record_batch(columns, schema=FOUND_SCHEMA)


def findings_of(rows: pa.RecordBatch) -> Iterator[CheckFinding]:
    """The findings that stand in some rows."""
    columns = (rows.column(name).to_pylist() for name in FOUND_SCHEMA.names)
    for ordinal, record_id, reason, evidence in zip(*columns, strict=True):
        yield CheckFinding(
            record_id=record_id,
            reason=reason,
            evidence=_EVIDENCE.decode(evidence),
            index=None if ordinal == NO_ORDINAL else ordinal,
        )


def json_lines(findings: Iterable[CheckFinding]) -> Iterator[bytes]:
    """One line a finding: `record_id`, `reason`, `evidence`; the order tells what `index` told."""
    for found in findings:
        line = {"record_id": found.record_id, "reason": found.reason, "evidence": found.evidence}
        yield _ENCODER.encode(line) + b"\n"
