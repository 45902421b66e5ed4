"""What a check of one instruction is."""

from __future__ import annotations

from typing import ClassVar, Protocol

from preceptor.core.registry import Registry


class InstructionCheck(Protocol):
    """A plugin that looks whether a text keeps one instruction; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def problem(self, text: str) -> str:
        """How the text breaks the instruction, in a few words; empty where it keeps it.

        The time grows in line with the text's length: texts are written by models.
        """
        ...


instruction_checks: Registry[InstructionCheck] = Registry(
    kind="instruction_check", folder="preceptor.grading.instruction_checks"
)
