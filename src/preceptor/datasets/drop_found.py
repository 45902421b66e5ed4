"""Leave out the records that checks object to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from preceptor.datasets.types import CheckResult, Record


class Sifted(NamedTuple):
    """The records that stay and those that were left out, both in the order given."""

    kept: tuple[Record, ...]
    dropped: tuple[Record, ...]


def drop_found(records: Sequence[Record], results: Iterable[CheckResult]) -> Sifted:
    """The records without those found; `results` must come from the same records in the same order.

    Of copies, the one that the check keeps stays. A finding without an index drops every record
    of its id. Run the checks again on what is kept before committing it.
    """
    findings = [finding for result in results for finding in result.findings]
    indexes = {finding.index for finding in findings if finding.index is not None}
    ids = {finding.record_id for finding in findings if finding.index is None}
    is_found = [index in indexes or record.id in ids for index, record in enumerate(records)]
    return Sifted(
        kept=tuple(record for record, found in zip(records, is_found, strict=True) if not found),
        dropped=tuple(record for record, found in zip(records, is_found, strict=True) if found),
    )
