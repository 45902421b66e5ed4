"""Read a suite: its definition file, its cases and the passages that answers may cite."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preceptor.core.construct import Problems, construct
from preceptor.core.documents import read_document
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.evals.case_file import CaseRules, read_cases
from preceptor.evals.passages import read_passages
from preceptor.evals.suite_tools import ToolEntry, check_tools, suite_tools
from preceptor.evals.types import EvalCase, Limits, Purpose, Suite
from preceptor.grading.build import build_graders
from preceptor.grading.grader import metric_names

MAX_MISTAKES_SHOWN = 50
MAX_EPOCHS = 1_000
MAX_STEPS = 1_000


@dataclass(frozen=True, kw_only=True)
class _SuiteFile:
    """The keys of `suites/<name>.yaml`; the places are relative to that file."""

    name: str
    primary: str
    graders: dict[str, JsonObject]
    cases: str
    passages: str | None = None
    purpose: Purpose = "golden"
    goals: dict[str, str] = field(default_factory=dict)
    tools: tuple[ToolEntry, ...] = ()
    epochs: int = 1
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("the name is empty")


def load_suite(path: Path) -> Suite:
    """The suite in a definition file, with its cases in the order of their file.

    Raises InputError naming every mistake with file and line: unknown keys, wrong settings of
    a grader, a primary metric that no grader has, a tool whose parameters are no JSON schema,
    goals that a case names and the suite does not, bad rows, ids that stand twice, no case at
    all. Raises NotFoundError when the definition file is not there. Nothing is executed: of a
    tool's Python file only the hash is taken.
    """
    document = read_document(path)
    problems = document.problems()
    written = construct(_SuiteFile, document.value, problems)
    # Read even when some keys are wrong, so that all mistakes are shown at once.
    keys: Mapping[str, object] = document.value if isinstance(document.value, dict) else {}
    _check_graders(keys, problems)
    _check_numbers(keys, problems)
    check_tools(keys.get("tools"), path.parent, problems)
    mistakes: list[str] = []
    cases: tuple[EvalCase, ...] = ()
    passages: dict[str, str] = {}
    if isinstance(keys.get("cases"), str):
        cases = read_cases(path.parent / str(keys["cases"]), mistakes, _rules(written))
    if isinstance(keys.get("passages"), str):
        passages = read_passages(path.parent / str(keys["passages"]), mistakes)
    _raise_all(problems, mistakes)
    if written is None:
        raise InputError(f"{document.source}: empty; write name, primary, graders and cases")
    return _suite(written, cases, passages, path.parent)


def _suite(written: _SuiteFile, cases: tuple[EvalCase, ...], passages: dict[str, str], folder: Path) -> Suite:
    return Suite(
        name=written.name,
        cases=cases,
        graders=written.graders,
        primary=written.primary,
        passages=passages,
        purpose=written.purpose,
        goals=written.goals,
        tools=suite_tools(written.tools, folder),
        epochs=written.epochs,
        limits=written.limits,
    )


def _rules(written: _SuiteFile | None) -> CaseRules:
    """What the cases are held to; nothing where the definition itself could not be read."""
    if written is None:
        return CaseRules()
    return CaseRules(
        goals=frozenset(written.goals) if written.goals else None,
        tools=frozenset(entry.name for entry in written.tools),
        max_steps=written.limits.max_steps,
    )


def _check_graders(keys: Mapping[str, object], problems: Problems) -> None:
    entries = keys.get("graders")
    if not isinstance(entries, dict):
        return
    if not entries:
        problems.add(("graders",), "there is no grader; without one nothing is scored")
        return
    made = build_graders(
        {metric: entry for metric, entry in entries.items() if isinstance(entry, dict)}, problems, ("graders",)
    )
    primary, names = keys.get("primary"), {*entries, *metric_names(made)}
    if isinstance(primary, str) and primary not in names:
        near = difflib.get_close_matches(primary, names, n=1) or sorted(names)
        problems.add(("primary",), f"no grader is named {primary!r}; did you mean {' or '.join(near)}?")


def _check_numbers(keys: Mapping[str, object], problems: Problems) -> None:
    limits = keys.get("limits")
    given: dict[tuple[str, ...], object] = {("epochs",): keys.get("epochs")}
    if isinstance(limits, dict):
        given |= {("limits", name): limits.get(name) for name in ("max_steps", "max_output_tokens")}
    highest = {"epochs": MAX_EPOCHS, "max_steps": MAX_STEPS}
    for at, number in given.items():
        if not isinstance(number, int) or isinstance(number, bool):
            continue  # missing, or said to be no number already
        if number < 1 or number > highest.get(at[-1], number):
            upper = f"1 to {highest[at[-1]]:,}" if at[-1] in highest else "1 or more"
            problems.add(at, f"is {number!r}; give {upper}")


def _raise_all(problems: Problems, others: list[str]) -> None:
    mistakes = [*problems.texts(), *others]
    if not mistakes:
        return
    more = len(mistakes) - MAX_MISTAKES_SHOWN
    tail = [f"and {more} more mistakes"] if more > 0 else []
    raise InputError("\n".join([*mistakes[:MAX_MISTAKES_SHOWN], *tail]))
