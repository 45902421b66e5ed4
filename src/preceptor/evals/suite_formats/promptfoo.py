"""Test files of promptfoo (`promptfooconfig.yaml`): prompts and tests become a suite each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from preceptor.core.documents import read_document
from preceptor.core.errors import InputError, PreceptorError
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonObject, JsonValue, at_path, parse_json
from preceptor.core.rows import read_rows, text_of
from preceptor.evals.foreign_files import object_at
from preceptor.evals.foreign_values import first_bytes, messages_of
from preceptor.evals.suite_format import ForeignSuite
from preceptor.evals.types import EvalCase, Suite
from preceptor.grading.assertion import AssertionType
from preceptor.grading.bounded_regex import bounded_pattern
from preceptor.models.types import Message

FILE = "file://"
MAX_COMBINATIONS = 10_000
MAX_PROMPT_BYTES = 1_000_000
TAKEN_OVER: tuple[AssertionType, ...] = (
    "equals",
    "contains",
    "icontains",
    "contains-all",
    "contains-any",
    "icontains-all",
    "icontains-any",
    "starts-with",
    "regex",
    "is-json",
)
CODE = frozenset({"javascript", "python", "ruby", "webhook", "assert-set"})
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")
_TEMPLATE = re.compile(r"\{[{%#]")


@dataclass
class _Notes:
    """What could not be taken over, counted by what it is."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, text: str) -> None:
        self.counts[text] = self.counts.get(text, 0) + 1

    def texts(self) -> tuple[str, ...]:
        return tuple(f"{text} ({count} times)" if count > 1 else text for text, count in self.counts.items())


@dataclass(frozen=True, kw_only=True)
class Promptfoo:
    """Each prompt is a suite; each test a case, whose assertions are checked by the grader `assertions`.

    Variables are filled in as text; filters and blocks of the template language are refused.
    Assertions that are code (JavaScript, Python) are never run: a note counts them.
    `llm-rubric` becomes the case's rubric, for an `llm_judge` that you add. Files that the
    tests name are read from beside the file only.
    """

    version: ClassVar[int] = 1

    def recognises(self, path: Path) -> bool:
        """YAML with prompts and tests."""
        start = first_bytes(path, 1 << 16)
        return path.suffix in {".yaml", ".yml"} and b"prompts:" in start and b"tests:" in start

    def read(self, path: Path) -> tuple[ForeignSuite, ...]:
        """One suite for each prompt; with several their names end in -1, -2 and so on."""
        document = read_document(path)
        config = document.value if isinstance(document.value, dict) else {}
        prompts = list(_prompts(config.get("prompts"), path.parent))
        tests = list(_tests(config.get("tests"), path.parent))
        if not prompts or not tests:
            raise InputError(f"{path}: no {'prompts' if not prompts else 'tests'} in it that can be read here")
        name = re.sub(r"[^\w.-]+", "-", text_of(config.get("description")) or path.stem).strip("-")[:100]
        default = object_at(config, "defaultTest")
        return tuple(
            _suite(name if len(prompts) == 1 else f"{name}-{number}", prompt, default, tests)
            for number, prompt in enumerate(prompts, start=1)
        )


def _suite(name: str, prompt: str, default: JsonObject, tests: list[JsonObject]) -> ForeignSuite:
    notes = _Notes()
    cases: dict[str, EvalCase] = {}
    for test in tests:
        for variables in _combinations({**object_at(default, "vars"), **object_at(test, "vars")}):
            case = _case(prompt, variables, default, test, notes)
            cases.setdefault(case.id, case)
    if any(not case.metadata["assertions"] and not case.rubric for case in cases.values()):
        notes.add("a test has no assertion that can be checked here: its case has no score")
    if any(turn.role == "system" for case in cases.values() for turn in case.messages):
        notes.add("a system turn stands in the prompt; move it into the target's `system`: here it is not asked")
    graders: dict[str, JsonObject] = {"assertions": {"kind": "assertions"}}
    made = Suite(name=name, cases=tuple(cases.values()), graders=graders, primary="assertions")
    return ForeignSuite(suite=made, notes=notes.texts())


def _case(prompt: str, variables: JsonObject, default: JsonObject, test: JsonObject, notes: _Notes) -> EvalCase:
    asserted: list[JsonValue] = []
    rubrics: list[str] = []
    for one in [*_listed(default.get("assert")), *_listed(test.get("assert"))]:
        kind = text_of(one.get("type"))
        negate, bare = kind.startswith("not-"), kind.removeprefix("not-")
        if bare == "regex" and _why_no_pattern(one.get("value")):
            notes.add(f"a regex is not used: {_why_no_pattern(one.get('value'))}")
        elif bare in TAKEN_OVER:
            value = _filled(one.get("value"), variables)
            asserted.append({"type": bare, "value": value, "weight": one.get("weight", 1), "negate": negate})
        elif bare == "llm-rubric":
            rubrics.append(text_of(_filled(one.get("value"), variables)))
            notes.add("llm-rubric became the case's rubric; add an llm_judge to the suite's graders")
        else:
            why = "is code and is not run" if bare in CODE else "is not known here"
            notes.add(f"the assertion {kind!r} {why}")
    metadata: JsonObject = {"vars": variables, "assertions": asserted}
    if test.get("threshold") is not None:
        metadata["assertion_threshold"] = test["threshold"]
    return EvalCase(
        id=content_id("test", {"vars": variables, "asserted": test.get("assert")}),
        messages=_messages(_fill(prompt, variables)),
        rubric="\n".join(rubrics),
        metadata=metadata,
        slices=tuple(f"{key}={text_of(value)}" for key, value in object_at(test, "metadata").items()),
    )


def _why_no_pattern(value: JsonValue) -> str:
    try:
        bounded_pattern(text_of(value))
    except InputError as error:
        return str(error)
    return ""


def _prompts(value: JsonValue, folder: Path) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        raw = item.get("raw") or item.get("id") if isinstance(item, dict) else item
        if isinstance(raw, str) and raw.startswith(FILE):
            yield _beside(raw, folder).read_text(encoding="utf-8")[:MAX_PROMPT_BYTES]
        elif isinstance(raw, str) and raw.strip():
            yield raw


def _tests(value: JsonValue, folder: Path) -> Iterator[JsonObject]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
        elif isinstance(item, str):
            yield from _tests_in(_beside(item, folder))


def _tests_in(path: Path) -> Iterator[JsonObject]:
    if path.suffix in {".yaml", ".yml"}:
        value = read_document(path).value
        yield from (item for item in (value if isinstance(value, list) else []) if isinstance(item, dict))
        return
    for row in read_rows(path):
        # A CSV row is its variables, with the wanted answer in a column of its own.
        wanted = row.value.get("__expected")
        columns = {key: item for key, item in row.value.items() if not key.startswith("__")}
        plain: JsonObject = {"vars": columns, "assert": [{"type": "equals", "value": wanted}] if wanted else []}
        yield row.value if "vars" in row.value else plain


def _beside(name: str, folder: Path) -> Path:
    path = (folder / name.removeprefix(FILE)).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise InputError(f"{name!r}: no such file beside the tests, or one outside their folder")
    if path.suffix in {".js", ".mjs", ".cjs", ".ts", ".py"}:
        raise InputError(f"{name!r} is code and is not run; write its cases into a JSONL, CSV or YAML file")
    return path


def _listed(value: JsonValue) -> list[JsonObject]:
    return [item for item in (value if isinstance(value, list) else []) if isinstance(item, dict)]


def _combinations(variables: JsonObject) -> Iterator[JsonObject]:
    """A variable that is a list stands for one test each, as in promptfoo."""
    choices = [value if isinstance(value, list) else [value] for value in variables.values()]
    for number, chosen in enumerate(itertools.product(*choices)):
        if number >= MAX_COMBINATIONS:
            raise InputError(f"the variables of one test give more than {MAX_COMBINATIONS:,} combinations")
        yield dict(zip(variables, chosen, strict=True))


def _filled(value: JsonValue, variables: JsonObject) -> JsonValue:
    if isinstance(value, str):
        return _fill(value, variables)
    return [_filled(item, variables) for item in value] if isinstance(value, list) else value


def _fill(text: str, variables: JsonObject) -> str:
    def put(found: re.Match[str]) -> str:
        value = at_path(variables, found[1])
        if value is None:
            raise InputError(f"the variable {found[1]!r} in {text[:60]!r} has no value in the test")
        return text_of(value)

    left = _VARIABLE.sub("", text)
    if _TEMPLATE.search(left):
        raise InputError(f"{text[:80]!r} uses more of the template language than variables; write it out")
    return _VARIABLE.sub(put, text)


def _messages(text: str) -> tuple[Message, ...]:
    """A prompt that is a JSON chat is its turns; any other text is what the user says."""
    if text.lstrip().startswith("["):
        try:
            return messages_of(parse_json(text))
        except PreceptorError:
            pass
    return messages_of(text)
