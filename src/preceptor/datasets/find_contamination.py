"""Find the rows of a file that hold eval cases, in the order of the file and with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.rows import BadRow, Row, text_of
from preceptor.core.storable_text import storable
from preceptor.datasets.batch import BATCH_RECORDS, TEXT_SEPARATOR
from preceptor.datasets.case_overlap import Overlap
from preceptor.datasets.ngram_index import NgramIndex
from preceptor.datasets.read_records import parse_record
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.rephrased import CaseVectors, Likeness
from preceptor.datasets.sound_rows import iter_sound_rows


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to look for: cases by their runs of words and, where `vectors` are given, by their meaning."""

    index: NgramIndex
    min_containment: float = 0.2
    vectors: CaseVectors | None = None
    min_similarity: float = 0.5


@dataclass(frozen=True, kw_only=True)
class SearchedRow:
    """A readable row: its line, its own id or `line N`, and the cases found in it."""

    line: int
    id: str
    overlaps: Sequence[Overlap] = ()
    likenesses: Sequence[Likeness] = ()


@dataclass(frozen=True, kw_only=True)
class ContaminationReport:
    """What was found in a file: the rows that hold a case, those that may say one in other words, those not read."""

    num_records: int
    flagged: Sequence[SearchedRow]
    alike: Sequence[SearchedRow]
    bad_rows: Sequence[BadRow]


@dataclass(frozen=True, kw_only=True)
class _TextRow:
    line: int
    id: str
    texts: tuple[str, ...]


def find_contamination(path: Path, search: Search) -> ContaminationReport:
    """The rows that there is something to say of; clean ones are only counted.

    Raises InputError when no row could be read.
    """
    num_records = 0
    flagged: list[SearchedRow] = []
    alike: list[SearchedRow] = []
    bad_rows: list[BadRow] = []
    for row in iter_searched_rows(path, search):
        if isinstance(row, BadRow):
            bad_rows.append(row)
            continue
        num_records += 1
        if row.overlaps:
            flagged.append(row)
        if row.likenesses:
            alike.append(row)
    if not num_records:
        bad = bad_rows[0] if bad_rows else None
        why = f"no row could be read; {path}:{bad.number}: {bad.reason}" if bad else "the file is empty"
        raise InputError(f"{str(path)!r} holds no records: {why}")
    return ContaminationReport(num_records=num_records, flagged=flagged, alike=alike, bad_rows=bad_rows)


def iter_searched_rows(path: Path, search: Search) -> Iterator[SearchedRow | BadRow]:
    """Every row, clean or not; a row that is no record as a BadRow. Some thousand rows are in memory at once.

    Likenesses are those of the row's most alike text.
    """
    waiting: list[_TextRow | BadRow] = []
    for row in iter_sound_rows(path):
        waiting.append(row if isinstance(row, BadRow) else _texts(row))
        if len(waiting) == BATCH_RECORDS:
            yield from _searched(waiting, search)
            waiting = []
    yield from _searched(waiting, search)


def _texts(row: Row) -> _TextRow | BadRow:
    try:
        record = parse_record(row.value)
    except InputError as error:
        return BadRow(number=row.number, reason=str(error))
    own_id = row.value.get("id")
    name = f"line {row.number}" if own_id is None else text_of(own_id)
    return _TextRow(line=row.number, id=name, texts=tuple(storable(text) for _, text in iter_texts(record)))


def _searched(rows: Sequence[_TextRow | BadRow], search: Search) -> Iterator[SearchedRow | BadRow]:
    read = [row for row in rows if isinstance(row, _TextRow)]
    joined = pa.array([TEXT_SEPARATOR.join(row.texts) for row in read], pa.large_string())
    overlaps = dict(search.index.overlaps(joined, search.min_containment))
    likenesses = _likenesses(read, search)
    places = iter(range(len(read)))
    for row in rows:
        if isinstance(row, BadRow):
            yield row
        else:
            place = next(places)
            yield SearchedRow(
                line=row.line, id=row.id, overlaps=overlaps.get(place, ()), likenesses=likenesses.get(place, ())
            )


def _likenesses(rows: Sequence[_TextRow], search: Search) -> dict[int, Sequence[Likeness]]:
    if search.vectors is None:
        return {}
    texts = [(place, text) for place, row in enumerate(rows) for text in row.texts]
    found: dict[int, Sequence[Likeness]] = {}
    for likeness in search.vectors.likenesses([text for _, text in texts], search.min_similarity):
        place = texts[likeness.place][0]
        if place not in found or likeness.cases[0].similarity > found[place][0].similarity:
            found[place] = likeness.cases
    return found
