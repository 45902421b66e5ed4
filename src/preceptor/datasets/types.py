"""Training records, the checks over them, and an immutable version of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.core.json_values import JsonObject
from preceptor.models.types import Message
from preceptor.qc.types import Agreement

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
    """One record that a check objects to, with the evidence.

    `index` is the record's place in what was checked, from 0: copies of a record share its id.
    """

    record_id: str
    reason: str
    evidence: JsonObject = field(default_factory=dict)
    index: int | None = None


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check found in all records: nothing found of `num_checked` is a pass.

    `num_checked` is 0, with a `reason`, for a check that lacked something to compare with.
    """

    check: str
    version: int
    settings: JsonObject
    num_checked: int
    findings: tuple[CheckFinding, ...]
    blocks: bool = True
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DatasetNotes:
    """What only people know of a dataset; it stands in the card. `agreement` is named by what was asked."""

    title: str = ""
    description: str = ""
    collection: str = ""
    agreement: dict[str, Agreement] = field(default_factory=dict)
    limitations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DatasetDraft:
    """What is to become a version: the records with their splits, and the checks that ran on exactly these."""

    name: str
    records: tuple[Record, ...]
    checks: tuple[CheckResult, ...] = ()
    notes: DatasetNotes = DatasetNotes()
    settings: JsonObject = field(default_factory=dict)
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a dataset version holds; `version_id` says how the version's id follows from it.

    `files` maps each file's path in the folder to its SHA-256. `records_hash` covers every
    field of every record, whatever wrote the files.
    """

    name: str
    num_records: int
    splits: dict[str, int]
    kinds: dict[str, int]
    files: dict[str, str]
    checks: tuple[CheckResult, ...]
    settings: JsonObject = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    records_hash: str = ""
    notes: DatasetNotes = DatasetNotes()


@dataclass(frozen=True, kw_only=True)
class DatasetVersion:
    """A committed dataset: its id, its manifest and the folder that `datasets.load_dataset` reads."""

    id: str
    name: str
    manifest: Manifest
    folder: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Refused:
    """No version: blocking checks objected. Nothing was written."""

    name: str
    failing: tuple[CheckResult, ...]

    @property
    def reason(self) -> str:
        """The checks that objected and to how many records, in one line."""
        said = ", ".join(f"{result.check} to {len(result.findings)}" for result in self.failing)
        return f"dataset {self.name!r} was not committed: checks object to records ({said}); mend or drop them"


@dataclass(frozen=True, kw_only=True)
class DatasetDiff:
    """From one version to another: ids of the records added, removed, and moved between splits.

    `changed` are pairs (id before, id after): the same prompt with another answer. These stand
    in neither `added` nor `removed`.
    """

    before: str
    after: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    num_unchanged: int
    changed: tuple[tuple[str, str], ...] = ()
