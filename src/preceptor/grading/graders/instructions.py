"""The output keeps its instructions: length, format, keywords, case, language, start and end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject, JsonValue, at_path, parse_json
from preceptor.core.rows import text_of
from preceptor.grading.instruction_list import Instruction, entries_of, read_instructions
from preceptor.grading.loose_variants import loose_variants
from preceptor.grading.output_part import Unreadable, read_part
from preceptor.grading.types import Sample, Score


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """1 when the output keeps every instruction; the dimension `share` is the part of them that it keeps.

    Each of `checks` names a check and its settings: `{check: words, at_most: 100}`. A check is one of
    the plugins of the kind `instruction_check`, or an instruction of IFEval by its id
    (`{check: "length_constraints:number_words", relation: at least, num_words: 300}`). Without
    `checks` the case says them, at `case_path`, which starts with `target` or `metadata`: as such a
    list, or as IFEval's `instruction_id_list` and `kwargs`.

    `mode: loose` accepts an instruction that holds without the first line, the last line, both, or
    the asterisks, as IFEval's loose accuracy does. An empty output keeps no instruction. The details
    say of each instruction whether it is kept. A text longer than `max_characters` gets no score.

    >>> checks = ({"check": "words", "at_most": 3}, {"check": "ends_with", "text": "Bye."})
    >>> score = Instructions(checks=checks).grade(Sample(output="So long, my friend. Bye."))
    >>> score.value, score.dimensions, score.reason
    (0.0, {'share': 0.5}, 'words: 5 words, at most 3 wanted')
    """

    version: ClassVar[int] = 1
    dimension_names: ClassVar[tuple[str, ...]] = ("share",)
    checks: tuple[JsonObject, ...] = ()
    mode: Literal["strict", "loose"] = "strict"
    path: str = ""
    case_path: str = "target"
    max_characters: int = 200_000

    def __post_init__(self) -> None:
        if self.case_path.split(".")[0] not in {"target", "metadata"}:
            raise InputError(f"case_path is {self.case_path!r}; start it with target or metadata")
        if self.max_characters < 1:
            raise InputError(f"max_characters is {self.max_characters}; give a number above 0")
        _ = self._own_instructions

    def grade(self, sample: Sample) -> Score:
        """1 or 0 with every instruction that is broken and how; None where there are none to check."""
        try:
            instructions = self._own_instructions or self._case_instructions(sample)
        except InputError as error:
            return Score(value=None, reason=f"the case's instructions cannot be checked: {error}")
        if not instructions:
            return Score(value=None, reason=f"neither the settings nor the case's {self.case_path} say what to check")
        part = read_part(sample.output, self.path)
        text = "" if isinstance(part, Unreadable) else text_of(part)
        if len(text) > self.max_characters:
            return Score(value=None, reason=f"{len(text):,} characters, max_characters is {self.max_characters:,}")
        problems = [self._problem(instruction, text) for instruction in instructions]
        broken = [f"{one.name}: {said}" for one, said in zip(instructions, problems, strict=True) if said]
        return Score(
            value=float(not broken),
            reason=part.reason if isinstance(part, Unreadable) else "; ".join(broken),
            dimensions={"share": 1 - len(broken) / len(problems)},
            details={"instructions": _verdicts(instructions, problems)},
        )

    def _problem(self, instruction: Instruction, text: str) -> str:
        if not text.strip():
            return "the output is empty"
        problem = instruction.problem(text)
        if problem and self.mode == "loose" and not all(map(instruction.problem, loose_variants(text))):
            return ""
        return problem

    def _case_instructions(self, sample: Sample) -> tuple[Instruction, ...]:
        listed = at_path({"target": sample.target, "metadata": sample.metadata}, self.case_path)
        entries = entries_of(listed)
        return _made(canonical_json(entries)) if entries else ()

    @cached_property
    def _own_instructions(self) -> tuple[Instruction, ...]:
        return read_instructions(self.checks)


@lru_cache(maxsize=256)
def _made(entries: bytes) -> tuple[Instruction, ...]:
    """Cached: a suite often asks the same of many cases, and of every epoch."""
    listed = parse_json(entries)
    return read_instructions([item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else [])


def _verdicts(instructions: tuple[Instruction, ...], problems: list[str]) -> JsonValue:
    return [
        {"instruction": one.name, "is_kept": not problem} for one, problem in zip(instructions, problems, strict=True)
    ]
