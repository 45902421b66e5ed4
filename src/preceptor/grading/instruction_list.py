"""The checks that a grader's settings or a case's target list, made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preceptor.core.construct import Problems
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.ifeval_instructions import ifeval_checks
from preceptor.grading.instruction_check import InstructionCheck, instruction_checks

MAX_INSTRUCTIONS = 100


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One instruction: the name that a reason gives it, and the checks that must all hold."""

    name: str
    checks: tuple[InstructionCheck, ...]

    def problem(self, text: str) -> str:
        """The first problem of its checks; empty where all hold."""
        return next((found for check in self.checks if (found := check.problem(text))), "")


def read_instructions(entries: Sequence[JsonObject]) -> tuple[Instruction, ...]:
    """One instruction an entry: a `check` (a plugin's name, or an id of IFEval) and its settings.

    Raises InputError naming every mistake at once.

    >>> read_instructions([{"check": "words", "at_most": 100}])[0].checks
    (Words(at_least=None, at_most=100),)
    """
    problems = Problems("checks")
    if len(entries) > MAX_INSTRUCTIONS:
        raise InputError(f"{len(entries)} checks; give up to {MAX_INSTRUCTIONS}")
    made = [_instruction(entry, problems, number) for number, entry in enumerate(entries)]
    problems.raise_if_any()
    return tuple(instruction for instruction in made if instruction is not None)


def entries_of(target: JsonValue) -> list[JsonObject] | None:
    """The entries that a target lists: as such, under `checks`, or in IFEval's two lists; None where it lists none.

    >>> entries_of({"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]})
    [{'check': 'punctuation:no_comma'}]
    """
    if isinstance(target, dict) and isinstance(target.get("instruction_id_list"), list):
        return _ifeval_entries(target["instruction_id_list"], target.get("kwargs"))
    listed = target.get("checks") if isinstance(target, dict) else target
    if not isinstance(listed, list) or not listed:
        return None
    return [item if isinstance(item, dict) else {"check": item} for item in listed]


def _ifeval_entries(ids: JsonValue, settings: JsonValue) -> list[JsonObject] | None:
    if not isinstance(ids, list) or not isinstance(settings, list) or len(ids) != len(settings):
        return None
    return [
        {"check": name, **(given if isinstance(given, dict) else {})} for name, given in zip(ids, settings, strict=True)
    ] or None


def _instruction(entry: JsonObject, problems: Problems, number: int) -> Instruction | None:
    name = entry.get("check")
    if not isinstance(name, str):
        problems.add((number,), f"'check' is {name!r}; name one of {', '.join(instruction_checks.names())}")
        return None
    settings = {key: value for key, value in entry.items() if key != "check"}
    try:
        parts = ifeval_checks(name, settings) if ":" in name else [entry]
    except InputError as error:
        problems.add((number,), str(error))
        return None
    made = [_check(part, problems, number) for part in parts]
    return Instruction(name=name, checks=tuple(check for check in made if check is not None))


def _check(entry: JsonObject, problems: Problems, number: int) -> InstructionCheck | None:
    settings = {key: value for key, value in entry.items() if key != "check"}
    return instruction_checks.construct(str(entry["check"]), settings, problems, (number,))
