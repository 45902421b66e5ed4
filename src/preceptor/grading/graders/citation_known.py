"""Every source that the output cites exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.types import Sample, Score


@dataclass(frozen=True, kw_only=True)
class CitationKnown:
    """1 when every id in the list at `path` names a passage and at least `minimum` different ones do.

    The case must come with passages; without any there is no score.

    >>> sample = Sample(output='{"citations": ["refunds"]}', passages={"refunds": "Refunds take 5 days."})
    >>> CitationKnown(minimum=1).grade(sample).value
    1.0
    """

    version: ClassVar[int] = 1
    path: str = "citations"
    minimum: int = 0

    def __post_init__(self) -> None:
        if not self.path:
            raise InputError("path is empty; name where the list of citations stands in the output's JSON")
        if self.minimum < 0:
            raise InputError(f"minimum is {self.minimum}; give 0 or more")

    def grade(self, sample: Sample) -> Score:
        """1, or 0 naming the ids that no passage has."""
        if not sample.passages:
            return Score(value=None, reason="there are no passages to cite; name their folder in the suite")
        cited = read_part(sample.output, self.path)
        if isinstance(cited, Unreadable):
            return Score(value=0.0, reason=cited.reason)
        if not isinstance(cited, list):
            return Score(value=0.0, reason=f"{self.path} is {shown(cited)}, not a list of ids")
        known = {item for item in cited if isinstance(item, str) and item in sample.passages}
        unknown = [item for item in cited if not isinstance(item, str) or item not in known]
        if unknown:
            return Score(value=0.0, reason=f"no passage has the id {', '.join(map(shown, unknown[:10]))}")
        if len(known) < self.minimum:
            return Score(value=0.0, reason=f"cites {len(known)} passages, at least {self.minimum} are asked for")
        return Score(value=1.0)
