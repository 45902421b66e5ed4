"""Choose the payload format of a file: the one that was named, or the one that knows its records."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from preceptor.core.documents import Document
from preceptor.core.errors import InputError
from preceptor.core.rows import BadRow, Row
from preceptor.traces.payload_format import PayloadFormat, payload_formats
from preceptor.traces.read import iter_records

RECORDS_LOOKED_AT = 20
MAPPED_FORMAT = "jsonl"
KEYS_SHOWN = 8


def choose_format(path: Path, name: str | None = None, mapping: Document | None = None) -> PayloadFormat:
    """The format by its name, with the settings of a mapping file; found from the records when neither is given.

    A mapping without a name is one for `jsonl`. Raises NotFoundError for an unknown name and
    InputError, with lines, for wrong settings or records that no format knows.
    """
    if name is not None:
        payload_formats.get(name)
    if mapping is None:
        return payload_formats.create(name) if name else detect_format(path)
    settings = mapping.value
    if not isinstance(settings, dict):
        raise InputError(f"{mapping.source}: write one `field: path` a line, such as `output: response.text`")
    problems = mapping.problems()
    made = payload_formats.construct(name or MAPPED_FORMAT, settings, problems)
    problems.raise_if_any()
    if made is None:
        raise InputError(f"{mapping.source}: empty; write one `field: path` a line")
    return made


def detect_format(path: Path) -> PayloadFormat:
    """The one format that knows the first record which any knows.

    Raises InputError for an empty file, for one whose first records are all broken or unknown,
    and for a record that two formats claim; it says how to name one.
    """
    first = list(islice(iter_records(path), RECORDS_LOOKED_AT))
    if not first:
        raise InputError(f"{path} holds no records; check that it is the right file")
    readable = [record for record in first if isinstance(record, Row)]
    if not readable:
        bad = next(record for record in first if isinstance(record, BadRow))
        raise InputError(f"{path}:{bad.number}: no record can be read: {bad.reason}")
    formats = {name: payload_formats.create(name) for name in payload_formats.names()}
    for record in readable:
        claims = [name for name, candidate in formats.items() if candidate.recognises(record.value)]
        if len(claims) == 1:
            return formats[claims[0]]
        if claims:
            raise InputError(f"{path} could be {' or '.join(claims)}; name one with --format")
    keys = ", ".join(list(readable[0].value)[:KEYS_SHOWN]) or "none"
    raise InputError(
        f"{path}: unknown format (the first record's keys: {keys:.200}); name one with --format "
        f"({', '.join(formats)}), or say where the fields stand with --mapping FILE"
    )
