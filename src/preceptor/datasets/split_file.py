"""Divide a file of data into splits, row by row, whole groups together."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, NamedTuple

import numpy as np

from preceptor.core.errors import InputError
from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject, as_object, at_path, parse_json
from preceptor.core.rows import BadRow, open_data, text_of
from preceptor.datasets.new_folder import new_folder
from preceptor.datasets.read_lines import MAX_LINE_BYTES, iter_lines
from preceptor.datasets.read_records import holds_lines, parse_record
from preceptor.datasets.record_texts import prompt_hash
from preceptor.datasets.sound_rows import iter_sound_rows
from preceptor.datasets.split import SplitKey, SplitPlan, key_of, split_of_key
from preceptor.datasets.types import Record, SplitName

RECORD_KEYS = {"prompt", "template"}


@dataclass(frozen=True, kw_only=True)
class FileSplit:
    """How a file was divided.

    `leaks` are the groups that stand in more than one split: always 0, and counted all the same.
    `shared_prompts` are the prompts that do: rows of different groups may ask the same. It is None where rows
    are no training records.
    """

    num_records: int
    splits: dict[SplitName, int]
    num_groups: int
    leaks: int
    shared_prompts: int | None


class _Row(NamedTuple):
    number: int
    text: bytes
    value: JsonObject


@dataclass
class _Seen:
    """Keys and where they went, as numbers: 9 bytes a row."""

    keys: array[int] = field(default_factory=lambda: array("Q"))
    splits: array[int] = field(default_factory=lambda: array("b"))

    def add(self, key: int, split: int) -> None:
        """Note where a key went."""
        self.keys.append(key)
        self.splits.append(split)

    def count(self) -> tuple[int, int]:
        """How many keys there are, and how many of them went to more than one split."""
        keys, splits = np.array(self.keys, np.uint64), np.array(self.splits, np.int8)
        order = np.lexsort((splits, keys))
        keys, splits = keys[order], splits[order]
        is_same = keys[1:] == keys[:-1]
        is_torn = is_same & (splits[1:] != splits[:-1])
        return len(keys) - int(is_same.sum()), len(np.unique(keys[1:][is_torn]))


def split_file(
    path: Path, folder: Path, group_by: str, plan: SplitPlan, missing: Literal["error", "prompt"] = "error"
) -> FileSplit:
    """Write `train.jsonl`, `validation.jsonl` and `test.jsonl` into `folder`, which must not be there yet.

    `group_by` is a field of the rows, dotted where it is nested; `prompt` and `template` are those of the training
    record that a row is. JSON lines are written byte for byte as they stood, rows of other formats as JSON. A row
    without the field is an error, or with `missing="prompt"` kept with those of its prompt. The folder
    appears whole or not at all. Raises InputError naming the line, ConflictError when the folder is there.
    """
    names = [name for name, _ in plan.shares()]
    counts: Counter[SplitName] = Counter()
    groups, prompts = _Seen(), _Seen()
    with new_folder(folder) as place, ExitStack() as stack:
        files: list[IO[bytes]] = [stack.enter_context((place / f"{name}.jsonl").open("wb")) for name in names]
        for row in _rows(path):
            record = _record(row.value)
            try:
                key = _key(row.value, record, group_by, missing)
            except InputError as error:
                raise InputError(f"{path}:{row.number}: {error}; nothing was written") from error
            split = split_of_key(key, plan)
            number = names.index(split)
            files[number].write(row.text + b"\n")
            counts[split] += 1
            groups.add(int(content_hash(list(key))[:16], 16), number)
            if record is not None:
                prompts.add(int(prompt_hash(record)[:16], 16), number)
        if not counts:
            raise InputError(f"{str(path)!r} holds no rows")
    num_groups, leaks = groups.count()
    shared = prompts.count()[1] if len(prompts.keys) == counts.total() else None
    return FileSplit(
        num_records=counts.total(),
        splits={name: counts[name] for name in names},
        num_groups=num_groups,
        leaks=leaks,
        shared_prompts=shared,
    )


def _rows(path: Path) -> Iterator[_Row]:
    """The rows with their bytes; InputError at the first that cannot be read."""
    if holds_lines(path):
        with open_data(path) as stream:
            for line in iter_lines(stream):
                if line.text is None:
                    raise InputError(f"{path}:{line.number}: longer than {MAX_LINE_BYTES:,} bytes; nothing was written")
                try:
                    value = as_object(parse_json(line.text.decode("utf-8")), "a row")
                except (InputError, UnicodeDecodeError) as error:
                    raise InputError(f"{path}:{line.number}: {error}; nothing was written") from error
                yield _Row(line.number, line.text, value)
        return
    for row in iter_sound_rows(path):
        if isinstance(row, BadRow):
            raise InputError(f"{path}:{row.number}: {row.reason}; nothing was written")
        yield _Row(row.number, json.dumps(row.value, ensure_ascii=False).encode(), row.value)


def _record(row: JsonObject) -> Record | None:
    """The training record that the row is; None where it is none, for a file may hold anything that has groups."""
    try:
        return parse_record(row)
    except InputError:
        return None


def _key(row: JsonObject, record: Record | None, group_by: str, missing: Literal["error", "prompt"]) -> SplitKey:
    if group_by in RECORD_KEYS:
        return _record_key(record, group_by)
    value = row.get(group_by, at_path(row, group_by))
    if isinstance(value, (list, dict)):
        raise InputError(f"{group_by} must be a text or a number, not {value!r:.60}")
    if value is not None and value != "":
        return "group", text_of(value)
    if missing == "error":
        raise InputError(f"has no {group_by!r} to group by; its fields are {', '.join(row):.200}")
    return _record_key(record, "prompt")


def _record_key(record: Record | None, by: str) -> SplitKey:
    if record is None:
        raise InputError("is no training record, so it has no prompt to group by")
    return key_of(record, by)
