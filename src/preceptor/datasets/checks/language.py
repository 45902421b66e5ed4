"""Each record is in the language that it says, and that the dataset is for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.language_guesses import base_language, guess_languages, missing_language_model
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.types import CheckFinding, Fix

MAX_LANGUAGES_SHOWN = 50
_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, kw_only=True)
class Language:
    """Objects to a record in another language than `expected`, or than its own `language` where none are expected.

    Judged is the answer to learn, or all text of a record without a long enough one; code blocks,
    numbers and addresses are left out. Texts of fewer than `min_letters` letters are not judged, nor
    those that the model is less than `min_confidence` sure of: mixed texts, names, lists. Codes are
    ISO 639 (`en`, `pt`); a region (`pt-BR`) is not compared. The model is fastText's small one
    (extra `language`): sound for common languages, weak between close relatives.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> answer = "Tu pedido ha salido hoy del almacén y llegará mañana por la mañana."
    >>> record = make_record("sft", (Message(role="assistant", content=answer),))
    >>> [finding.reason for finding in find_in(Language(expected=("en",)), [record], CheckContext())]
    ['reads as es, expected is en']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    expected: tuple[str, ...] = ()
    min_letters: int = 40
    min_confidence: float = 0.6

    def __post_init__(self) -> None:
        odd = [code for code in self.expected if not _CODE.fullmatch(code)]
        if odd:
            raise InputError(f"expected names {odd[0]!r}; write ISO 639 codes in small letters, such as en")
        if self.min_letters < 1 or not 0 <= self.min_confidence <= 1:
            raise InputError("min_letters must be at least 1 and min_confidence a number from 0 to 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - needs a package, nothing of the context
        """The package, where it is not installed."""
        return missing_language_model()

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """The language that each record reads as (null where it was not judged), and the one it must be in."""
        guesses = list(guess_languages(batch.records, self.min_letters, self.min_confidence))
        wanted = [base_language(record.language) or None for record in batch.records]
        return pa.record_batch(
            {
                "ordinal": batch.table.column("ordinal"),
                "id": batch.table.column("id"),
                "language": pa.array([guess and guess.language for guess in guesses], pa.string()),
                "confidence": pa.array([guess and guess.confidence for guess in guesses], pa.float64()),
                "wanted": pa.array(wanted, pa.string()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """The records in another language, and the share of each language among those judged."""
        counts: Counter[str] = Counter()
        for part in gathered.parts():
            rows = pc.value_counts(part.column("language").drop_null()).to_pylist()
            counts.update({row["values"]: row["counts"] for row in rows})
        num_judged = sum(counts.values())
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_LANGUAGES_SHOWN]
        figures: JsonObject = {
            "num_not_judged": gathered.num_records - num_judged,
            "languages": {language: share_figure(count, num_judged) for language, count in most},
        }
        return Conclusion(self._found(gathered), figures)

    def _found(self, gathered: Gathered) -> Iterator[CheckFinding]:
        for part in gathered.parts():
            language = part.column("language")
            if self.expected:
                is_wanted = pc.is_in(language, pa.array(self.expected, pa.string()))
            else:
                is_wanted = pc.equal(language, part.column("wanted"))
            wrong = pc.and_(language.is_valid(), pc.invert(is_wanted))
            for row in part.filter(wrong).to_pylist():
                wanted = f"expected is {', '.join(self.expected)}" if self.expected else f"it says {row['wanted']}"
                yield CheckFinding(
                    record_id=row["id"],
                    reason=f"reads as {row['language']}, {wanted}",
                    evidence={"language": row["language"], "confidence": round(row["confidence"], 4)},
                    index=row["ordinal"],
                )
