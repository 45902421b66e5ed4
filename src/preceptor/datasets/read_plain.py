"""The common plain rows straight into the columns of a Batch: typed decoding, and no object that is not needed.

A row that is in any way unusual is left to `parse_record`, which reads all shapes and says what is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from preceptor.core.errors import InputError
from preceptor.core.ids import ID_DIGITS
from preceptor.core.json_values import JsonObject, JsonValue, parse_json
from preceptor.datasets.batch import TEXT_SEPARATOR, BatchRow, sorted_json
from preceptor.datasets.types import SplitName

# Fields that may change what is learnt from a row, or how its provenance reads: with another of these than its
# shape has, a row is not plain.
TELLING = frozenset({
    "messages", "conversations", "prompt", "completion", "response", "output", "instruction", "input", "history",
    "system", "tools", "functions", "images", "audios", "videos", "media", "chosen", "rejected", "margin",
    "chosen_score", "rejected_score", "score_chosen", "score_rejected", "ranked", "responses", "completions", "ranks",
    "scores", "steps", "labels", "label", "is_good", "kto_tag", "score", "reward", "spans", "entities", "text",
    "full_text", "kind", "preferred_output", "non_preferred_output", "model", "generator_prompt",
})  # fmt: skip
# Beside messages these are what somebody noted, not what is learnt.
NOTED = frozenset({"label", "score", "reward", "text"})
_NO_METADATA = msgspec.Raw(b"{}")
_METADATA = frozenset({"metadata"})
_NULL = b"null"


class _Turn(msgspec.Struct, kw_only=True, gc=False):
    """A message without tools, its fields in the order of the canonical JSON."""

    content: str
    name: None = None
    role: Literal["system", "user", "assistant"]
    tool_call_id: None = None
    tool_calls: tuple[()] = ()


class _Row(msgspec.Struct, gc=False):
    """What a plain row may say under the names that it has there."""

    messages: tuple[_Turn, ...] = ()
    prompt: str = ""
    completion: str = ""
    chosen: str = ""
    rejected: str = ""
    id: str | int | None = None
    rationale: str = ""
    group: str | None = None
    split: SplitName | None = None
    source_ids: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    license: str = ""
    consent: str = ""
    language: str = ""
    lang: str = ""
    annotators: tuple[str, ...] = ()
    created_at: str | None = None
    generator: str | None = None
    metadata: msgspec.Raw = _NO_METADATA


class _Record(msgspec.Struct, gc=False):
    """A record whose turns are JSON already, its fields in the order of `record_json`."""

    annotators: tuple[str, ...]
    chosen: msgspec.Raw
    completion: None
    consent: str
    created_at: str | None
    generator: str | None
    generator_prompt: None
    group: str | None
    id: str
    is_good: None
    kind: str
    language: str
    licence: str
    margin: None
    media: tuple[()]
    messages: msgspec.Raw
    metadata: msgspec.Raw
    ranked: tuple[()]
    rationale: str
    rejected: msgspec.Raw
    score: None
    source: str
    source_ids: tuple[str, ...]
    spans: tuple[()]
    split: SplitName | None
    steps: tuple[()]
    tools: tuple[()]


class Defaults(NamedTuple):
    """What is true of the rows that do not state their own."""

    licence: str = ""
    language: str = ""
    consent: str = ""
    source: str = ""


class _Rest(NamedTuple):
    metadata: msgspec.Raw
    text: str
    defaults: Defaults


class _Learnt(NamedTuple):
    kind: Literal["sft", "preference"]
    turns: tuple[_Turn, ...]
    chosen: bytes = _NULL
    rejected: bytes = _NULL
    answers: tuple[str, ...] = ()


# Fields that are decoded whole; the others may be nested, and go to the metadata.
KNOWN = frozenset(_Row.__struct_fields__) - {"metadata"}
_MESSAGES = frozenset({"messages"})
NO_DEFAULTS = Defaults()
_ROW = msgspec.json.Decoder(_Row)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_JSON = msgspec.json.Decoder()
_encode = msgspec.json.Encoder().encode


def read_plain(line: bytes, defaults: Defaults = NO_DEFAULTS) -> BatchRow | None:
    """The row of a Batch for a line that holds a plain record: the same as `parse_record` and `make_batch` give.

    None for a line that is not plain, right or wrong.
    """
    try:
        row = _ROW.decode(line)
        fields = _FIELDS.decode(line)
        learnt = _learnt(row, TELLING.intersection(fields))
        others = fields.keys() - KNOWN
        if learnt is None or not _is_whole(line, row, fields, others):
            return None
        metadata = _metadata(row, fields, others)
        if row.created_at is not None:
            datetime.fromisoformat(row.created_at)
    except (msgspec.MsgspecError, InputError, ValueError, RecursionError):
        return None
    texts = [turn.content for turn in learnt.turns]
    if learnt.answers or not all(texts):
        texts = [text for text in (*texts, *learnt.answers) if text]
    text = TEXT_SEPARATOR.join(texts)
    return None if text.count("\x00") != len(texts) - 1 else _placed(learnt, row, _Rest(metadata, text, defaults))


def _learnt(row: _Row, telling: frozenset[str]) -> _Learnt | None:
    if telling == _MESSAGES or ("messages" in telling and telling - NOTED == _MESSAGES):
        return _Learnt("sft", row.messages)
    if row.prompt.startswith("\n\nHuman:"):
        return None
    prompt = _Turn(role="user", content=row.prompt)
    if telling == {"prompt", "completion"}:
        return _Learnt("sft", (prompt, _Turn(role="assistant", content=row.completion)))
    if telling == {"prompt", "chosen", "rejected"}:
        answers = (row.chosen, row.rejected)
        return _Learnt("preference", (prompt,), _encode(row.chosen), _encode(row.rejected), answers)
    return None


def _is_whole(line: bytes, row: _Row, fields: dict[str, msgspec.Raw], others: set[str]) -> bool:
    """True when the line has the keys that were decoded, each once, and no others.

    Decoders let the last of two equal keys win and pass over unknown ones. Every key has a colon: with no more
    colons than keys there is nothing else. Where texts hold colons too, a key ends with `":`, which stands in a
    text only after a backslash.
    """
    rest = [bytes(fields[name]) for name in others]
    expected = len(fields) + 2 * len(row.messages)
    if line.count(b":") - sum([one.count(b":") for one in rest]) == expected:
        return True
    return not _has_loose_colons(line) and _num_keys(line) - sum(map(_num_keys, rest)) == expected


def _has_loose_colons(line: bytes) -> bool:
    """True when white space may stand between a key and its colon, so that it cannot be told from a text."""
    if b" :" in line and (b'" :' in line or b"  :" in line):
        return True
    return b"\t" in line or line.find(b"\r", 0, len(line) - 1) >= 0


def _num_keys(line: bytes) -> int:
    return line.count(b'":') - line.count(b'\\":')


def _metadata(row: _Row, fields: dict[str, msgspec.Raw], others: set[str]) -> msgspec.Raw:
    metadata: JsonObject = {}
    if "metadata" in others:
        written = _value(row.metadata)
        if not isinstance(written, dict):
            raise InputError("metadata is no object")
        metadata = written
    for name in others - _METADATA:
        metadata[name] = _value(fields[name])
    if "id" in fields:
        if isinstance(row.id, str) and row.id.startswith("record_"):
            raise InputError("it may be the record's own id")
        metadata["id"] = row.id
    return msgspec.Raw(sorted_json(metadata)) if metadata else _NO_METADATA


def _value(written: msgspec.Raw) -> JsonValue:
    """What `parse_json` gives; a flat object, list or scalar of a whole line need not go through it."""
    value: JsonValue = _JSON.decode(written)
    if isinstance(value, dict):
        line = bytes(written)
        is_flat = line.count(b":") == len(value) or (not _has_loose_colons(line) and _num_keys(line) == len(value))
        inner: Iterable[JsonValue] = value.values()
    else:
        inner, is_flat = value if isinstance(value, list) else (), True
    return value if is_flat and not any(isinstance(one, (dict, list)) for one in inner) else parse_json(bytes(written))


def _placed(learnt: _Learnt, row: _Row, rest: _Rest) -> BatchRow:
    defaults = rest.defaults
    turns = _encode(learnt.turns)
    content = b'{"chosen":%b,"kind":"%b","messages":%b,"rejected":%b}' % (
        learnt.chosen,
        learnt.kind.encode(),
        turns,
        learnt.rejected,
    )
    number = f"record_{hashlib.sha256(content).hexdigest()[:ID_DIGITS]}"
    record = _Record(
        row.annotators,
        msgspec.Raw(learnt.chosen),
        None,
        row.consent or defaults.consent,
        row.created_at or None,
        row.generator or None,
        None,
        row.group or None,
        number,
        None,
        learnt.kind,
        row.language or row.lang or defaults.language,
        row.licence or row.license or defaults.licence,
        None,
        (),
        msgspec.Raw(turns),
        rest.metadata,
        (),
        row.rationale,
        msgspec.Raw(learnt.rejected),
        None,
        row.source or defaults.source,
        row.source_ids,
        (),
        row.split,
        (),
        (),
    )
    roles = ",".join([turn.role if turn.content else f"{turn.role}-" for turn in learnt.turns])
    shape = f"{learnt.kind}|{roles}" if learnt.kind == "sft" else f"{learnt.kind}|{roles}||None|None"
    return BatchRow(number, _encode(record), rest.text, shape)
