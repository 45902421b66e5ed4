"""Training records, the checks over them, and an immutable version of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.models.types import Message
from preceptor.qc.types import Agreement
from preceptor.stats.types import Interval

RecordKind = Literal["sft", "preference", "ranking", "binary", "scored", "steps", "spans"]
SplitName = Literal["train", "validation", "test"]
MediaKind = Literal["image", "document", "audio", "video"]
Fix = Literal["drop", "mend", "none"]


@dataclass(frozen=True, kw_only=True)
class RankedAnswer:
    """One answer of a ranking; rank 1 is the best, equal ranks are ties."""

    text: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a worked answer; `is_good` is None where nobody judged it."""

    text: str
    is_good: bool | None = None


@dataclass(frozen=True, kw_only=True)
class SpanLabel:
    """A label on the characters `start` up to, not including, `end` of one message."""

    message: int
    start: int
    end: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Media:
    """An image or another file in a message, named by its SHA-256; it stands before the character `at` of the text."""

    message: int
    at: int
    kind: MediaKind
    sha256: str
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One training example. `id` is the hash of what is learnt from it, not of where it came from.

    What is learnt, by kind (a field of another kind is None or empty):

    - `sft`: `messages`, the conversation with the wanted last turn; `tools` it may call.
    - `preference`: `messages` is the prompt, `chosen` and `rejected` the two answers, `margin` by how much.
    - `ranking`: `messages` is the prompt, `ranked` its answers.
    - `binary`: `messages` is the prompt, `completion` the answer, `is_good` whether it is wanted.
    - `scored`: `messages` is the prompt, `completion` the answer, `score` its reward.
    - `steps`: `messages` is the prompt, `steps` the worked answer.
    - `spans`: `messages` is the text, `spans` the labels on it.

    `media` are the files that stand in the messages. `group` keeps records of one conversation
    or user in one split. `source_ids` are the trace, task and label ids. `licence` is an SPDX
    identifier, `consent` the basis on which the data may be used, `created_at` an ISO 8601 moment,
    `annotators` are pseudonyms. A record with a `generator` is synthetic: the model that wrote it,
    with `generator_prompt`, the SHA-256 of what it was asked.
    """

    id: str
    kind: RecordKind
    messages: tuple[Message, ...]
    tools: tuple[JsonObject, ...] = ()
    chosen: str | None = None
    rejected: str | None = None
    margin: float | None = None
    completion: str | None = None
    is_good: bool | None = None
    score: float | None = None
    ranked: tuple[RankedAnswer, ...] = ()
    steps: tuple[Step, ...] = ()
    spans: tuple[SpanLabel, ...] = ()
    media: tuple[Media, ...] = ()
    rationale: str = ""
    group: str | None = None
    split: SplitName | None = None
    source_ids: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    consent: str = ""
    language: str = ""
    annotators: tuple[str, ...] = ()
    created_at: str | None = None
    generator: str | None = None
    generator_prompt: str | None = None
    metadata: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CheckFinding:
    """One record that a check objects to, with the evidence; an empty `record_id` means the dataset as a whole.

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
    `findings` are the first of `num_findings`; all of them lie in a file beside the version. `num_fixed`
    records were mended or left out before the commit. `figures` are what the check measured.
    """

    check: str
    version: int
    settings: JsonObject
    num_checked: int
    findings: tuple[CheckFinding, ...]
    blocks: bool = True
    reason: str = ""
    num_findings: int | None = None
    num_fixed: int = 0
    max_share: float = 0.0
    figures: JsonObject = field(default_factory=dict)

    @property
    def num_open(self) -> int:
        """How many findings stand: those that no fix has taken away."""
        found = len(self.findings) if self.num_findings is None else self.num_findings
        return found - self.num_fixed

    @property
    def objects(self) -> bool:
        """True when more of the records stand accused than `max_share` of those checked allows."""
        return self.num_open > self.max_share * self.num_checked


@dataclass(frozen=True, kw_only=True)
class DatasetNotes:
    """What only people know of a dataset; it stands in the card. `agreement` is named by what was asked.

    `text` is what a person wrote for the card, in Markdown, by the heading it stands under.
    """

    title: str = ""
    description: str = ""
    collection: str = ""
    agreement: dict[str, Agreement] = field(default_factory=dict)
    limitations: tuple[str, ...] = ()
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Governance:
    """What a dataset is for, and whose word moves its versions on.

    `reviewed_by` and `approved_by` are roles: a version is reviewed, then approved, when each of them
    has agreed. `people` are the actors who may speak for a role; a role without any is open to all.
    `allowed_licences` are the SPDX identifiers that fit the intended use; empty means nobody said.
    """

    intended_use: str = ""
    allowed_licences: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DatasetSource:
    """Where records came from, and how many rows it gave.

    `name` is what the recipe calls it: a file, a folder, a dataset. `sha256` is the file's; `version` the
    id of the dataset version it was. Of `num_rows`, `num_bad` could not be read and `num_left_out` were
    filtered or not drawn.
    """

    name: str
    kind: str = "file"
    sha256: str = ""
    version: str = ""
    num_rows: int = 0
    num_bad: int = 0
    num_left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class Composition:
    """Number of records by each property; an empty value means not stated.

    `splits` are by kind, then split. `counts` are by field, then value, most frequent first:
    `source`, `licence`, `language`, `consent`, `generator`, `annotator` (the records each worked on),
    `media`, `length` (characters of all texts of a record, in doublings) and `metadata.<name>` for the
    fields that hold labels. `too_many` names the fields with more values than are listed; their
    counts are empty. `num_groups` is an estimate (± 1 %) where `are_groups_estimated`.
    """

    splits: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    too_many: tuple[str, ...] = ()
    num_groups: int = 0
    are_groups_estimated: bool = False
    num_with_sources: int = 0
    num_characters: int = 0


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
    field of every record, whatever wrote the files and in whatever order. `settings` is the recipe and
    `recipe_hash` the hash of its file. `withdrawn` are the ids that the build met and left out because
    somebody withdrew them.
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
    made_of: Composition | None = None
    sources: tuple[DatasetSource, ...] = ()
    recipe_hash: str = ""
    governance: Governance = Governance()
    withdrawn: tuple[str, ...] = ()


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
        said = ", ".join(f"{result.check} to {result.num_open}" for result in self.failing)
        return f"dataset {self.name!r} was not committed: checks object to records ({said}); mend or drop them"


@dataclass(frozen=True, kw_only=True)
class LabelFlip:
    """The same text under another label: `field` is what judges it, such as `is_good` or `metadata.intent`."""

    before_id: str
    after_id: str
    field: str
    before: JsonValue
    after: JsonValue


@dataclass(frozen=True, kw_only=True)
class ShiftedShare:
    """The share of one value before and after; `interval` holds the difference (Newcombe, 95 %)."""

    value: str
    num_before: int
    num_after: int
    difference: float
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How the records are spread over the values of one field, before and after.

    `divergence` is that of Jensen and Shannon in bits: 0 for equal, 1 for nothing in common. `p_value`
    is of Pearson's test that both come from one distribution; None, with a `reason`, where it says
    nothing. `shares` are the values that moved most, at most 20.
    """

    field: str
    num_before: int
    num_after: int
    divergence: float | None
    p_value: float | None
    reason: str = ""
    shares: tuple[ShiftedShare, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DatasetDiff:
    """From one version to another: ids of the records added, removed, and moved between splits.

    `changed` are pairs (id before, id after): the same prompt with another answer. These stand
    in neither `added` nor `removed`. `flips` are records under another label: those of equal text stand only
    there, those whose answer changed with the label also in `changed`. `provenance` counts by field the records
    of equal content that now name another source, licence and so on. Lists hold the first 10,000 in order of
    id; the `num_` fields count all. `breaking` says in sentences what makes programs that read
    the version before fail or learn something else, `withdrawn` are removed records that somebody withdrew,
    `parts` are the parts of the manifest that differ. `num_in_test` of the differences touch the test split.
    """

    before: str
    after: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    num_unchanged: int
    changed: tuple[tuple[str, str], ...] = ()
    num_added: int = 0
    num_removed: int = 0
    num_moved: int = 0
    num_changed: int = 0
    flips: tuple[LabelFlip, ...] = ()
    num_flips: int = 0
    provenance: dict[str, int] = field(default_factory=dict)
    provenance_ids: tuple[str, ...] = ()
    num_in_test: int = 0
    withdrawn: tuple[str, ...] = ()
    breaking: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()
