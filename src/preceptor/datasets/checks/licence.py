"""Each record's licence allows what the dataset is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.licence_expression import licence_choices
from preceptor.datasets.licences import TERMS, Term, licence_terms
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.types import CheckFinding, Fix

Use = Literal["commercial", "research", "publish"]

FORBIDS: dict[Use, tuple[Term, ...]] = {
    "commercial": ("non_commercial", "no_derivatives"),
    "publish": ("no_derivatives",),
    "research": (),
}
MAX_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Licence:
    """Objects to a record whose licence forbids the intended `use`, is not stated, or is not known.

    `use`: `commercial` (train a model for a product), `publish` (pass the dataset on), `research`
    (neither). A dataset is a derived work, so a no-derivatives licence allows research only; a
    non-commercial one forbids commercial use; share-alike ones are allowed unless
    `allow_share_alike` is false. SPDX expressions are read: of `OR` one side must do, of `AND` both.
    `known` says what a licence of your own asks: a list of share_alike, non_commercial,
    no_derivatives, empty for one that asks nothing. This is a sieve, not legal advice.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = replace(make_record("sft", (Message(role="assistant", content="hi"),)), licence="CC-BY-NC-4.0")
    >>> [finding.reason for finding in find_in(Licence(), [record], CheckContext())]
    ['CC-BY-NC-4.0 is non commercial; wanted is commercial use']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    use: Use = "commercial"
    allow_share_alike: bool = True
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, terms in self.known.items():
            for term in terms:
                if term not in TERMS:
                    raise InputError(f"known gives {name!r} the term {term!r}; terms are {', '.join(TERMS)}")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """Each record's licence."""
        return pa.record_batch(
            {
                "ordinal": batch.table.column("ordinal"),
                "id": batch.table.column("id"),
                "licence": pa.array([record.licence for record in batch.records], pa.string()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that may not be used so, and the share of each licence."""
        counts: Counter[str] = Counter()
        for part in gathered.parts():
            counted = pc.value_counts(part.column("licence")).to_pylist()
            counts.update({row["values"]: row["counts"] for row in counted})
        faults = {licence: fault for licence in counts if (fault := self._fault(licence.strip()))}
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_SHOWN]
        licences: JsonObject = {
            name[:200]: {**share_figure(count, gathered.num_records), "allows_use": name not in faults}
            for name, count in most
        }
        return Conclusion(_findings(gathered, faults), {"use": self.use, "licences": licences})

    def _fault(self, licence: str) -> str | None:
        """Why a licence does not allow the use; None when one of its choices does."""
        if not licence:
            return "does not state its licence"
        try:
            choices = [(licence,)] if licence in self.known else sorted(map(sorted, licence_choices(licence)))
        except InputError as error:
            return str(error)
        faults = ["; ".join(self._obstacles(choice)) for choice in choices]
        return None if "" in faults else f"{' | '.join(faults)[:300]}; wanted is {self.use} use"

    def _obstacles(self, identifiers: Iterator[str] | list[str] | tuple[str, ...]) -> Iterator[str]:
        forbidden = [*FORBIDS[self.use], *([] if self.allow_share_alike else ["share_alike"])]
        for identifier in identifiers:
            terms = self.known.get(identifier, licence_terms(identifier))
            if terms is None:
                yield f"{identifier} is not known; say under `known` what it asks"
                continue
            wrong = [term.replace("_", " ") for term in TERMS if term in terms and term in forbidden]
            if wrong:
                yield f"{identifier} is {' and '.join(wrong)}"


def _findings(gathered: Gathered, faults: dict[str, str]) -> Iterator[CheckFinding]:
    for part in gathered.parts():
        wrong = part.filter(pc.is_in(part.column("licence"), pa.array(list(faults), pa.string())))
        for row in wrong.to_pylist():
            yield CheckFinding(
                record_id=row["id"],
                reason=faults[row["licence"]],
                evidence={"licence": row["licence"][:200]},
                index=row["ordinal"],
            )
