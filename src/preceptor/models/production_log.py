"""The log of what a product was asked and answered: one JSON row a call, on disk before it counts."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from preceptor.core.errors import ConflictError, InputError
from preceptor.core.files import explain, sync_folder
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonObject, as_object, at_path, parse_json
from preceptor.core.rows import read_rows
from preceptor.models.chat_body import message_body
from preceptor.models.failures import ModelFailure
from preceptor.models.types import Completion, Message

TAIL_BYTES = 1 << 16


@dataclass(frozen=True, kw_only=True)
class ProductionLog:
    """An open log; `settled` holds, by prompt, the last row that a re-run need not ask again."""

    path: Path
    stream: IO[bytes] = field(repr=False)
    settled: Mapping[str, JsonObject] = field(repr=False)

    def append(self, row: JsonObject) -> None:
        """Add a row; it is on disk when this returns. Raises StorageError when the disk refuses."""
        text = json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"
        try:
            self.stream.write(text.encode("utf-8", errors="replace"))
            self.stream.flush()
            os.fsync(self.stream.fileno())
        except OSError as error:
            raise explain(error, self.path) from error


@contextmanager
def open_log(path: Path) -> Iterator[ProductionLog]:
    """The log at `path`, made if missing; a row that was cut off while being written is taken out.

    Raises ConflictError while another process writes it, InputError with the line of a row that
    is broken elsewhere than at the end.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+b")
        sync_folder(path.parent)
    except OSError as error:
        raise explain(error, path) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                f"another process is writing {str(path)!r}; wait for it or name another file"
            ) from error
        _mend_end(stream)
        yield ProductionLog(path=path, stream=stream, settled=_settled(path))


def answer_row(request: JsonObject, metadata: JsonObject, completion: Completion, moment: datetime) -> JsonObject:
    """The row of an answered request; `moment` is when the answer was there."""
    message = message_body(Message(role="assistant", content=completion.text, tool_calls=completion.tool_calls))
    usage: JsonObject = {
        "prompt_tokens": completion.usage.input_tokens,
        "completion_tokens": completion.usage.output_tokens,
    }
    response: JsonObject = {
        "id": content_id("answer", [request, metadata, message]),
        "model": completion.model,
        "choices": [{"index": 0, "message": message, "finish_reason": completion.finish_reason}],
        "usage": {name: count for name, count in usage.items() if count is not None},
        "created": int(moment.timestamp()),
    }
    timing: JsonObject = {} if completion.latency_seconds is None else {"latency_seconds": completion.latency_seconds}
    recorded: JsonObject = {"recorded": True} if completion.recorded else {}
    return {"request": request, "response": response, "metadata": {**metadata, **timing, **recorded}}


def failure_row(request: JsonObject, metadata: JsonObject, failure: Exception, moment: datetime) -> JsonObject:
    """The row of a request without an answer; its type says whether asking again makes sense."""
    error: JsonObject = {
        "message": str(failure),
        "type": "model_error" if isinstance(failure, ModelFailure) else "infra_error",
        "created": int(moment.timestamp()),
    }
    return {"request": request, "error": error, "metadata": metadata}


def _settled(path: Path) -> Mapping[str, JsonObject]:
    rows: dict[str, JsonObject] = {}
    for row in read_rows(path):
        item = at_path(row.value, "metadata.item")
        if not isinstance(item, str):
            raise InputError(
                f"{path}:{row.number}: no metadata.item; this log is not ours to add to, name another file"
            )
        if "response" in row.value or at_path(row.value, "error.type") == "model_error":
            rows[item] = row.value
    return rows


def _mend_end(stream: IO[bytes]) -> None:
    """Cut off a half-written last row; end a whole one that only lacks its line break."""
    end = stream.seek(0, os.SEEK_END)
    tail = _last_line(stream, end)
    if not tail:
        return
    try:
        as_object(parse_json(tail), "a row")
    except InputError:
        stream.truncate(end - len(tail))
    else:
        stream.write(b"\n")
    stream.flush()
    os.fsync(stream.fileno())


def _last_line(stream: IO[bytes], end: int) -> bytes:
    """What stands after the last line break."""
    tail = b""
    while end > 0:
        size = min(TAIL_BYTES, end)
        end = stream.seek(end - size)
        block = stream.read(size)
        if b"\n" in block:
            return block.rpartition(b"\n")[2] + tail
        tail = block + tail
    return tail
