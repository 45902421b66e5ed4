"""What a release criterion is: it reads the evidence and says pass, fail or inconclusive."""

from __future__ import annotations

from typing import ClassVar, Protocol

from preceptor.core.registry import Registry
from preceptor.gates.types import CriterionResult, Evidence


class Criterion(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings. Pure: no clock, no chance, no files."""

    version: ClassVar[int]

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports; never `pass` for want of evidence."""
        ...


criteria: Registry[Criterion] = Registry(kind="criterion", folder="preceptor.gates.criteria")
