"""What can go wrong while grading that is not the graded model's fault."""

from __future__ import annotations

from preceptor.core.errors import ProviderError


class JudgementError(ProviderError):
    """The judge's answer cannot be read as a judgement; there is no score, which is not a score of 0."""
