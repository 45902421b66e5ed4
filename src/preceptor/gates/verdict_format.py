"""What a verdict format is: one way to tell a verdict to the tools around a pull request."""

from __future__ import annotations

from typing import ClassVar, Protocol

from preceptor.core.registry import Registry
from preceptor.gates.report_types import VerdictView


class VerdictFormat(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings. Pure: the same view gives the same text."""

    version: ClassVar[int]

    def render(self, view: VerdictView) -> str:
        """The verdict as text, with everything that others wrote made harmless in this format."""
        ...


verdict_formats: Registry[VerdictFormat] = Registry(kind="verdict_format", folder="preceptor.gates.verdict_formats")
