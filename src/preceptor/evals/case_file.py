"""The cases of a suite, read from a file with one row a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from preceptor.core.construct import Problems, construct
from preceptor.core.errors import InputError, PreceptorError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import BadRow, iter_rows, text_of
from preceptor.evals.case_row import plain_messages
from preceptor.evals.replay import Replay, replay
from preceptor.evals.types import EvalCase, RecordedToolResult
from preceptor.models.types import Message

MAX_CASES = 1_000_000
MAX_ID_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class CaseRules:
    """What the suite's own file asks of its cases; None where it does not say."""

    goals: frozenset[str] | None = None
    tools: frozenset[str] | None = None
    max_steps: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Replay:
    """Up to and including which turn of the user the conversation is shown, from 1."""

    turn: int


@dataclass(frozen=True, kw_only=True)
class _CaseRow:
    """The keys of one row of the cases file."""

    id: str
    input: str | None = None
    messages: tuple[Message, ...] = ()
    replay: _Replay | None = None
    target: JsonValue = None
    cluster: str | None = None
    slices: dict[str, JsonValue] | list[str] = field(default_factory=dict)
    source_id: str | None = None
    metadata: JsonObject = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    rubric: str = ""
    user_turns: tuple[str, ...] = ()
    tool_results: tuple[RecordedToolResult, ...] = ()

    def __post_init__(self) -> None:
        if not self.id.strip() or len(self.id) > MAX_ID_CHARACTERS or not self.id.isprintable():
            raise InputError(f"id {self.id!r} must be 1 to {MAX_ID_CHARACTERS} printable characters")
        if (self.input is None) == (not self.messages):
            raise InputError("give either input (what the user says) or messages (a whole conversation)")
        if self.replay is not None and not self.messages:
            raise InputError("replay needs messages: the whole conversation that it is a part of")
        if isinstance(self.slices, dict):
            wrong = [name for name, value in self.slices.items() if isinstance(value, (list, dict)) or value is None]
            if wrong:
                raise InputError(f"the slice {wrong[0]!r} must be one word or number, not {self.slices[wrong[0]]!r}")
        for name, texts in (("tags", self.tags), ("goals", self.goals), ("user_turns", self.user_turns)):
            if not all(text.strip() for text in texts):
                raise InputError(f"an entry of {name} is empty; write it or leave it out")


def read_cases(path: Path, mistakes: list[str], rules: CaseRules = CaseRules()) -> tuple[EvalCase, ...]:
    """The cases in the order of the file; what is wrong is added to `mistakes`, each with file and line.

    A row has an `id` and either `input` (what the user says) or `messages`, and may have
    `target`, `cluster`, `slices`, `source_id`, `metadata`, `tags`, `goals`, `rubric`,
    `user_turns` and `tool_results`. With `replay: {turn: k}` only the messages up to the user's
    turn k are shown. An id that stands twice, a goal or a tool that the suite does not list and
    a file without any case are mistakes.
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
            case = _read_case(row.value, place, mistakes, rules)
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


def _read_case(value: JsonObject, place: str, mistakes: list[str], rules: CaseRules) -> EvalCase | None:
    problems = Problems(place)
    if "messages" in value:
        value = {**value, "messages": plain_messages(value["messages"])}
    row = construct(_CaseRow, value, problems)
    shown = None if row is None else _shown(row, problems)
    if row is None or shown is None:
        mistakes.extend(problems.texts())
        return None
    _check_rules(row, rules, problems)
    mistakes.extend(problems.texts())
    return EvalCase(
        id=row.id,
        messages=shown.messages,
        target=row.target,
        cluster=row.cluster,
        slices=_slices(row.slices),
        source_id=row.source_id,
        metadata=row.metadata,
        tags=row.tags,
        goals=row.goals,
        rubric=row.rubric,
        user_turns=row.user_turns,
        tool_results=(*row.tool_results, *shown.tool_results),
    )


def _shown(row: _CaseRow, problems: Problems) -> Replay | None:
    if row.replay is None:
        return Replay(row.messages or (Message(role="user", content=row.input or ""),), ())
    try:
        return replay(row.messages, row.replay.turn)
    except InputError as error:
        problems.add(("replay", "turn"), str(error))
        return None


def _check_rules(row: _CaseRow, rules: CaseRules, problems: Problems) -> None:
    _check_known("goals", row.goals, rules.goals, problems)
    _check_known("tool_results", [result.name for result in row.tool_results], rules.tools, problems)
    num_answers = len(row.user_turns) + 1
    if rules.max_steps is not None and num_answers > rules.max_steps:
        problems.add(
            ("user_turns",),
            f"{num_answers} answers are needed, but limits.max_steps is {rules.max_steps}; raise it or say less",
        )


def _check_known(key: str, names: Sequence[str], known: frozenset[str] | None, problems: Problems) -> None:
    if known is None:
        return
    for name in dict.fromkeys(names):
        if name not in known:
            what = "goal" if key == "goals" else "tool"
            listed = ", ".join(sorted(known)) or "none"
            problems.add((key,), f"the suite lists no {what} {name!r}; it lists: {listed}")


def _slices(slices: dict[str, JsonValue] | list[str]) -> tuple[str, ...]:
    if isinstance(slices, list):
        return tuple(slices)
    return tuple(f"{name}={text_of(value)}" for name, value in sorted(slices.items()))
