"""Each record says which language it is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.language_guesses import guess_languages, missing_language_model
from preceptor.datasets.types import CheckFinding, Fix, Record


@dataclass(frozen=True, kw_only=True)
class LanguageTag:
    """Objects to a record whose `language` is empty though its text shows it; the fix writes it down.

    Texts that the check `language` does not judge (fewer than `min_letters` letters, less sure than
    `min_confidence`) stay without. Needs the extra `language`.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="Your order left the warehouse this morning."),))
    >>> (finding,) = find_in(LanguageTag(min_letters=30), [record], CheckContext())
    >>> LanguageTag().mend(record, finding).language
    'en'
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "mend"
    min_letters: int = 40
    min_confidence: float = 0.6

    def __post_init__(self) -> None:
        if self.min_letters < 1 or not 0 <= self.min_confidence <= 1:
            raise InputError("min_letters must be at least 1 and min_confidence a number from 0 to 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - needs a package, nothing of the context
        """The package, where it is not installed."""
        return missing_language_model()

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:  # noqa: ARG002 - records only
        """The records without a language, each with the one that it reads as."""
        untold = [placed for placed in batch.placed() if not placed[1].language.strip()]
        guesses = guess_languages([record for _, record in untold], self.min_letters, self.min_confidence)
        for (ordinal, record), guess in zip(untold, guesses, strict=True):
            if guess is not None:
                yield CheckFinding(
                    record_id=record.id,
                    reason=f"does not say its language; it reads as {guess.language}",
                    evidence={"language": guess.language, "confidence": round(guess.confidence, 4)},
                    index=ordinal,
                )

    def mend(self, record: Record, finding: CheckFinding) -> Record:
        """The record with the language that was found; its id stays, for nothing that is learnt changes."""
        return replace(record, language=str(finding.evidence["language"]))
