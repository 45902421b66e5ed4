"""Read a suite: its definition file, its cases and the passages that answers may cite."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.construct import Problems, construct
from preceptor.core.documents import read_document
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.evals.case_file import read_cases
from preceptor.evals.passages import read_passages
from preceptor.evals.types import EvalCase, Suite
from preceptor.grading.build import build_graders

MAX_MISTAKES_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class _SuiteFile:
    """The keys of `suites/<name>.yaml`; the two places are relative to that file."""

    name: str
    primary: str
    graders: dict[str, JsonObject]
    cases: str
    passages: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("the name is empty")


def load_suite(path: Path) -> Suite:
    """The suite in a definition file, with its cases in the order of their file.

    Raises InputError naming every mistake with file and line: unknown keys, wrong settings of
    a grader, a primary metric that no grader has, bad rows, ids that stand twice, no case at
    all. Raises NotFoundError when the definition file is not there.
    """
    document = read_document(path)
    problems = document.problems()
    written = construct(_SuiteFile, document.value, problems)
    # Read even when some keys are wrong, so that all mistakes are shown at once.
    keys: Mapping[str, object] = document.value if isinstance(document.value, dict) else {}
    _check_graders(keys, problems)
    mistakes: list[str] = []
    cases: tuple[EvalCase, ...] = ()
    passages: dict[str, str] = {}
    if isinstance(keys.get("cases"), str):
        cases = read_cases(path.parent / str(keys["cases"]), mistakes)
    if isinstance(keys.get("passages"), str):
        passages = read_passages(path.parent / str(keys["passages"]), mistakes)
    _raise_all(problems, mistakes)
    if written is None:
        raise InputError(f"{document.source}: empty; write name, primary, graders and cases")
    return Suite(name=written.name, cases=cases, graders=written.graders, primary=written.primary, passages=passages)


def _check_graders(keys: Mapping[str, object], problems: Problems) -> None:
    entries = keys.get("graders")
    if not isinstance(entries, dict):
        return
    if not entries:
        problems.add(("graders",), "there is no grader; without one nothing is scored")
        return
    build_graders(
        {metric: entry for metric, entry in entries.items() if isinstance(entry, dict)}, problems, ("graders",)
    )
    primary = keys.get("primary")
    if isinstance(primary, str) and primary not in entries:
        near = difflib.get_close_matches(primary, entries, n=1) or sorted(entries)
        problems.add(("primary",), f"no grader is named {primary!r}; did you mean {' or '.join(near)}?")


def _raise_all(problems: Problems, others: list[str]) -> None:
    mistakes = [*problems.texts(), *others]
    if not mistakes:
        return
    more = len(mistakes) - MAX_MISTAKES_SHOWN
    tail = [f"and {more} more mistakes"] if more > 0 else []
    raise InputError("\n".join([*mistakes[:MAX_MISTAKES_SHOWN], *tail]))
