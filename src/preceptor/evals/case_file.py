"""The cases of a suite, read from a file with one row a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from preceptor.core.construct import Problems, construct
from preceptor.core.errors import InputError, PreceptorError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import BadRow, iter_rows, text_of
from preceptor.evals.types import EvalCase
from preceptor.models.types import Message

MAX_CASES = 1_000_000
MAX_ID_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class _CaseRow:
    """The keys of one row of the cases file."""

    id: str
    input: str | None = None
    messages: tuple[Message, ...] = ()
    target: JsonValue = None
    cluster: str | None = None
    slices: dict[str, JsonValue] = field(default_factory=dict)
    source_id: str | None = None
    metadata: JsonObject = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.id.strip() or len(self.id) > MAX_ID_CHARACTERS or not self.id.isprintable():
            raise InputError(f"id {self.id!r} must be 1 to {MAX_ID_CHARACTERS} printable characters")
        if (self.input is None) == (not self.messages):
            raise InputError("give either input (what the user says) or messages (a whole conversation)")
        wrong = [name for name, value in self.slices.items() if isinstance(value, (list, dict)) or value is None]
        if wrong:
            raise InputError(f"the slice {wrong[0]!r} must be one word or number, not {self.slices[wrong[0]]!r}")


def read_cases(path: Path, mistakes: list[str]) -> tuple[EvalCase, ...]:
    """The cases in the order of the file; what is wrong is added to `mistakes`, each with file and line.

    A row has an `id` and either `input` (what the user says) or `messages`, and may have
    `target`, `cluster`, `slices`, `source_id` and `metadata`. An id that stands twice and a
    file without any case are mistakes.
    """
    cases: dict[str, EvalCase] = {}
    lines: dict[str, int] = {}
    before = len(mistakes)
    try:
        for row in iter_rows(path):
            place = f"{path}:{row.number}"
            if isinstance(row, BadRow):
                mistakes.append(f"{place}: {row.reason}")
                continue
            case = _read_case(row.value, place, mistakes)
            if case is None:
                continue
            if case.id in cases:
                mistakes.append(f"{place}: the id {case.id!r} stands on line {lines[case.id]} already; give another")
                continue
            cases[case.id], lines[case.id] = case, row.number
            if len(cases) > MAX_CASES:
                raise InputError(f"{path}: more than {MAX_CASES:,} cases; split the suite")
    except PreceptorError as error:
        mistakes.append(str(error))
    if not cases and len(mistakes) == before:
        mistakes.append(f"{path}: there is no case in it; a suite needs at least one")
    return tuple(cases.values())


def _read_case(value: JsonObject, place: str, mistakes: list[str]) -> EvalCase | None:
    problems = Problems(place)
    row = construct(_CaseRow, value, problems)
    if row is None:
        mistakes.extend(problems.texts())
        return None
    messages = row.messages or (Message(role="user", content=row.input or ""),)
    return EvalCase(
        id=row.id,
        messages=messages,
        target=row.target,
        cluster=row.cluster,
        slices=tuple(f"{name}={text_of(value)}" for name, value in sorted(row.slices.items())),
        source_id=row.source_id,
        metadata=row.metadata,
    )
