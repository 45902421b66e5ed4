"""Keep the traces of a file: read, bounded, redacted before the first write, each one once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import as_object
from preceptor.core.rows import BadRow, Row
from preceptor.governance.personal_data import redact
from preceptor.traces.bounds import bounded, cleaned
from preceptor.traces.payload_format import PayloadFormat, payload_formats
from preceptor.traces.read import iter_records
from preceptor.traces.redact import redact_trace
from preceptor.traces.store import TraceStore
from preceptor.traces.types import IngestReport, PassedOver, RedactedTrace, Trace

Redactor = Callable[[Trace], RedactedTrace]

TRACES_A_BATCH = 200
PROBLEMS_SHOWN = 20
MAX_REASON_CHARACTERS = 500


def ingest(
    path: Path,
    payload_format: PayloadFormat,
    store: TraceStore,
    *,
    redactor: Redactor = redact_trace,
    strict: bool = False,
) -> IngestReport:
    """What became of the file's records; the good ones are in the store, inside the caller's transaction.

    A record that cannot be read is rejected with its number and the reason, and the others are
    kept; with `strict` such records make an InputError that names them, and nothing is written.
    A trace that is already there stays one; another trace under the same id is rejected. Raises
    InputError for a file without records, NotFoundError for no file: nothing is written then.
    """
    tally = _Tally()
    with store.all_or_nothing():
        outcomes = _outcomes(path, payload_format, redactor)
        while batch := list(islice(outcomes, TRACES_A_BATCH)):
            _keep(batch, store, tally)
        if not tally.num_read and not tally.passed_over:
            raise InputError(f"{path} holds no records; check that it is the right file")
        if strict and tally.rejected:
            raise InputError(_refusal(path, tally.rejected))
    return IngestReport(
        format=payload_formats.identify(payload_format).name,
        num_read=tally.num_read,
        num_added=tally.num_added,
        num_already_there=tally.num_already_there,
        num_redacted=tally.num_redacted,
        rejected=tuple(tally.rejected),
        trace_ids=tuple(tally.trace_ids),
        passed_over=dict(sorted(tally.passed_over.items())),
    )


class _Numbered(NamedTuple):
    number: int
    redacted: RedactedTrace


_Outcome = _Numbered | BadRow | PassedOver


@dataclass
class _Tally:
    num_read: int = 0
    num_added: int = 0
    num_already_there: int = 0
    num_redacted: int = 0
    rejected: list[BadRow] = field(default_factory=list)
    trace_ids: dict[str, None] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)


def _outcomes(path: Path, payload_format: PayloadFormat, redactor: Redactor) -> Iterator[_Outcome]:
    for record in iter_records(path):
        if isinstance(record, BadRow):
            yield record
            continue
        try:
            row = Row(number=record.number, value=as_object(cleaned(record.value), "a record"))
            for outcome in payload_format.read(row):
                yield _prepared(row.number, outcome, redactor)
        except InputError as error:
            yield BadRow(number=record.number, reason=str(error))


def _prepared(number: int, outcome: Trace | BadRow | PassedOver, redactor: Redactor) -> _Outcome:
    if not isinstance(outcome, Trace):
        return outcome
    try:
        return _Numbered(number, redactor(bounded(outcome)))
    except InputError as error:
        return BadRow(number=number, reason=str(error))


def _keep(batch: list[_Outcome], store: TraceStore, tally: _Tally) -> None:
    known = store.find_many([each.redacted.trace.id for each in batch if isinstance(each, _Numbered)])
    new: list[RedactedTrace] = []
    for outcome in batch:
        if isinstance(outcome, PassedOver):
            tally.passed_over[outcome.kind] += 1
            continue
        tally.num_read += 1
        if isinstance(outcome, BadRow):
            tally.rejected.append(_without_personal_data(outcome))
            continue
        trace = outcome.redacted.trace
        there = known.setdefault(trace.id, trace)
        if there is trace:
            new.append(outcome.redacted)
            tally.trace_ids[trace.id] = None
        elif there == trace:
            tally.num_already_there += 1
            tally.trace_ids[trace.id] = None
        else:
            reason = f"the id {trace.id!r} belongs to another trace that is already there; the first stays"
            tally.rejected.append(BadRow(number=outcome.number, reason=reason))
    tally.num_added += store.add_many(new)
    tally.num_redacted += sum(redacted.num_redactions > 0 for redacted in new)


def _without_personal_data(bad: BadRow) -> BadRow:
    return BadRow(number=bad.number, reason=redact(bad.reason[:MAX_REASON_CHARACTERS]).text, text=redact(bad.text).text)


def _refusal(path: Path, rejected: list[BadRow]) -> str:
    shown = [f"{path}:{bad.number}: {bad.reason}" for bad in rejected[:PROBLEMS_SHOWN]]
    if len(rejected) > PROBLEMS_SHOWN:
        shown.append(f"{path}: and {len(rejected) - PROBLEMS_SHOWN} more")
    return "\n".join([*shown, "nothing was written; mend these or leave out --strict"])
