"""Training records, the checks over them, and an immutable version of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.core.json_values import JsonObject
from preceptor.models.types import Message

RecordKind = Literal["sft", "preference"]
SplitName = Literal["train", "validation", "test"]


@dataclass(frozen=True, kw_only=True)
class Record:
    """One training example. `id` is the hash of what is learnt from it, not of where it came from.

    For `sft`, `messages` is the conversation with the wanted last turn. For `preference`,
    `messages` is the prompt, `chosen` and `rejected` the two answers. `group` keeps records
    of one conversation or user in one split. `source_ids` are the trace, task and label ids.
    """

    id: str
    kind: RecordKind
    messages: tuple[Message, ...]
    chosen: str | None = None
    rejected: str | None = None
    rationale: str = ""
    group: str | None = None
    split: SplitName | None = None
    source_ids: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    language: str = ""
    annotators: tuple[str, ...] = ()
    generator: str | None = None
    metadata: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CheckFinding:
    """One record that a check objects to, with the evidence."""

    record_id: str
    reason: str
    evidence: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check found in all records: nothing found of `num_checked` is a pass."""

    check: str
    version: int
    settings: JsonObject
    num_checked: int
    findings: tuple[CheckFinding, ...]
    blocks: bool = True


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a dataset version holds; the version's id is the hash of this, without the moment.

    `files` maps each file's path in the folder to its SHA-256.
    """

    name: str
    num_records: int
    splits: dict[str, int]
    kinds: dict[str, int]
    files: dict[str, str]
    checks: tuple[CheckResult, ...]
    settings: JsonObject = field(default_factory=dict)
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DatasetVersion:
    """A committed dataset: its id, its manifest and the folder that `datasets.load_dataset` reads."""

    id: str
    name: str
    manifest: Manifest
    folder: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class DatasetDiff:
    """From one version to another: ids of the records added, removed, and moved between splits."""

    before: str
    after: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    num_unchanged: int
