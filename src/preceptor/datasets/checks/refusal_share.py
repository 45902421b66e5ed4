"""As many answers refuse as are meant to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.learnt_answer import learnt_answer
from preceptor.datasets.refusals import find_refusals
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.types import CheckFinding, Fix
from preceptor.stats.intervals import wilson

MAX_EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class RefusalShare:
    """Objects to the dataset when the share of learnt answers that refuse lies outside `min_share` to `max_share`.

    The whole 95 % interval must. Too many teach a model to refuse what it should answer; none at
    all may unlearn what it should refuse. Refusals are found by the English phrases that models
    refuse with, in the first 400 characters: the share of other languages is not seen.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> refusal = make_record("sft", (Message(role="assistant", content="I'm sorry, I can't help with that."),))
    >>> [finding.reason for finding in find_in(RefusalShare(), [refusal] * 20, CheckContext())]
    ['100.0% of 20 answers refuse [83.9%, 100.0%], wanted are 0% to 20%']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "none"
    min_share: float = 0.0
    max_share: float = 0.2

    def __post_init__(self) -> None:
        if not 0 <= self.min_share <= self.max_share <= 1:
            raise InputError(f"min_share {self.min_share!r} to max_share {self.max_share!r} is no band within 0 to 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row for each record that has an answer to learn, with the phrase where it refuses."""
        answered = [(*placed, answer) for placed in batch.placed() if (answer := learnt_answer(placed[1]))]
        refusals = find_refusals(pa.array([answer for _, _, answer in answered], pa.large_string()))
        ids = [record.id if place in refusals else None for place, (_, record, _) in enumerate(answered)]
        return pa.record_batch(
            {
                "ordinal": pa.array([ordinal for ordinal, _, _ in answered], pa.int64()),
                "id": pa.array(ids, pa.string()),
                "phrase": pa.array([refusals.get(place) for place in range(len(answered))], pa.string()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """One finding about the dataset, or none."""
        num_answers = num_refusals = 0
        examples: list[JsonObject] = []
        for part in gathered.parts():
            num_answers += part.num_rows
            refusing = part.filter(part.column("phrase").is_valid())
            num_refusals += refusing.num_rows
            wanted = MAX_EXAMPLES - len(examples)
            examples += refusing.select(["id", "phrase"]).slice(0, wanted).to_pylist()
        if num_answers == 0:
            return Conclusion((), reason="no record has an answer to learn")
        figure = share_figure(num_refusals, num_answers)
        ends = wilson(num_refusals, num_answers)
        if ends.low <= self.max_share and ends.high >= self.min_share:
            return Conclusion((), {"refusals": figure})
        reason = (
            f"{num_refusals / num_answers:.1%} of {num_answers:,} answers refuse [{ends.low:.1%}, {ends.high:.1%}], "
            f"wanted are {self.min_share:.0%} to {self.max_share:.0%}"
        )
        finding = CheckFinding(record_id="", reason=reason, evidence={**figure, "examples": [*examples]})
        return Conclusion((finding,), {"refusals": figure})
