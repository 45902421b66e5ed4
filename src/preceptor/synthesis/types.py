"""What controlled synthesis makes: a plan, its slots, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.types import Record
from preceptor.judges.types import Figure
from preceptor.models.types import Sampling

Rejection = Literal["no_answer", "unreadable", "near_seed", "near_other", "eval_case", "judged_bad", "not_judged"]


@dataclass(frozen=True, kw_only=True)
class SeedPlan:
    """Which failures the records grow from: `per_category` traces of each category; of all where none is named."""

    categories: tuple[str, ...] = ()
    per_category: int = 20

    def __post_init__(self) -> None:
        if self.per_category < 1:
            raise InputError(f"per_category is {self.per_category}; give a whole number from 1")


@dataclass(frozen=True, kw_only=True)
class JudgePlan:
    """The grader that must find a record good, from `min_score` on.

    A judge that was never compared with people is refused, unless `allow_uncalibrated` says otherwise.
    """

    grader: JsonObject
    min_score: float = 0.7
    allow_uncalibrated: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.min_score <= 1:
            raise InputError(f"min_score is {self.min_score!r}; give a number above 0, up to 1")


@dataclass(frozen=True, kw_only=True)
class SynthesisPlan:
    """Who writes, about what, how many, and what is not taken.

    Each combination of a persona, an intent and a difficulty is a cell, and gets `per_cell` records,
    each in at most `max_attempts` tries. A record is not taken when the Jaccard similarity of its
    word runs with a seed is above `max_seed_similarity`, or with a record taken before above
    `max_similarity`, or when it holds a case of the suites in `against`.
    """

    name: str
    generator: JsonObject
    instructions: str
    licence: str
    personas: tuple[str, ...] = ("any customer",)
    intents: tuple[str, ...] = ("any question",)
    difficulties: tuple[str, ...] = ("ordinary",)
    per_cell: int = 1
    max_attempts: int = 3
    system: str = ""
    seeds: SeedPlan = field(default_factory=SeedPlan)
    sampling: Sampling = field(default_factory=lambda: Sampling(temperature=0.8, max_tokens=512))
    judge: JudgePlan | None = None
    against: tuple[str, ...] = ()
    max_seed_similarity: float = 0.5
    max_similarity: float = 0.5
    language: str = "en"
    concurrency: int = 8

    def __post_init__(self) -> None:
        for name in ("per_cell", "max_attempts", "concurrency"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} is {getattr(self, name)}; give a whole number from 1")
        for name in ("personas", "intents", "difficulties"):
            values = getattr(self, name)
            if not values or len(set(values)) < len(values):
                raise InputError(f"{name} {values!r:.80} must name at least one, and none twice")
        for name in ("max_seed_similarity", "max_similarity"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(f"{name} is {getattr(self, name)!r}; give a number above 0, up to 1")
        if not self.instructions.strip():
            raise InputError("instructions are empty; say what the records should be like")


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A real request in which the product failed, and how."""

    id: str
    category: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One record that is wanted: its cell of the grid, its number in the cell (from 1), and its seed."""

    persona: str
    intent: str
    difficulty: str
    number: int
    seed: Seed | None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try at a slot: the record, or why there is none (`rejection`, with the reason in words)."""

    slot: Slot
    attempt: int
    record: Record | None = None
    rejection: Rejection | None = None
    reason: str = ""
    score: float | None = None


@dataclass(frozen=True, kw_only=True)
class SynthesisReport:
    """What became of a plan.

    `rejected` counts the tries that were not taken, by why; `covered` the records by axis and
    value, those without any with 0. `distinct` is the share of word pairs that stand once among
    all of the prompts' word pairs (Li et al. 2016); `good_share` is how many of the records that
    the judge took are good in the eyes of people, by its calibration.
    """

    plan: str
    num_wanted: int
    num_taken: int
    num_attempts: int
    rejected: dict[str, int]
    covered: dict[str, dict[str, int]]
    unfilled: tuple[str, ...]
    distinct: Figure
    good_share: Figure
    calibration_id: str | None = None
