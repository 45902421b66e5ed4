"""Answers read as written one by one: no model's boilerplate, no common opening, no text of one mould."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.boilerplate import find_boilerplate
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.learnt_answer import learnt_answer
from preceptor.datasets.normal_text import normalise, words
from preceptor.datasets.self_bleu import distinct_share, self_bleu
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.types import CheckFinding, Fix
from preceptor.stats.intervals import wilson

OPENING_CHARACTERS = 120
MAX_SAMPLE = 2_000
MAX_WORDS = 500
NUM_OPENINGS = 10
HASH_BYTES = 8


class _Seen(NamedTuple):
    """Of all answers: ordinal, hash of the opening, draw; and how many records are synthetic or hold boilerplate."""

    ordinals: np.ndarray
    openings: np.ndarray
    draws: np.ndarray
    num_boilerplate: int


@dataclass(frozen=True, kw_only=True)
class SyntheticArtefacts:
    """Objects to answers with a model's boilerplate, and to the dataset when its answers are of one mould.

    Boilerplate is "As an AI language model", a knowledge cutoff, a placeholder like [Your Name]
    and such, in English. About the dataset as a whole it says: more than `max_opening_share` of
    the answers begin with the same `opening_words` words; the self-BLEU of a sample of `sample`
    answers (the same ones on any machine: by the hash of their ids) exceeds `max_self_bleu`; more than
    `max_synthetic_share` of the records name a generator. Shares of answers count when the whole 95 %
    interval lies above. The distinct 1- to 3-grams of the sample are figures to compare with.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="As an AI model, I do not eat."),))
    >>> [finding.reason for finding in find_in(SyntheticArtefacts(), [record], CheckContext())]
    ['the answer holds “As an AI model”']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    opening_words: int = 4
    max_opening_share: float = 0.1
    sample: int = 200
    max_self_bleu: float = 0.6
    max_synthetic_share: float = 1.0

    def __post_init__(self) -> None:
        if self.opening_words < 1 or not 2 <= self.sample <= MAX_SAMPLE:  # noqa: PLR2004 - a text and another
            raise InputError(f"opening_words must be at least 1 and sample from 2 to {MAX_SAMPLE:,}")
        for name in ("max_opening_share", "max_self_bleu", "max_synthetic_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name} is {getattr(self, name)!r}; give a number from 0 to 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row a record: hashes of its opening (null without an answer) and of its id, and any boilerplate."""
        answers = [learnt_answer(record) for record in batch.records]
        phrases = find_boilerplate(pa.array(answers, pa.large_string()))
        openings = [self._opening(answer) for answer in answers]
        return pa.record_batch(
            {
                "ordinal": batch.table.column("ordinal"),
                "opening": pa.array([_hash(opening) if opening else None for opening in openings], pa.uint64()),
                "draw": pa.array([_hash(record.id) for record in batch.records], pa.uint64()),
                "is_synthetic": pa.array([record.generator is not None for record in batch.records], pa.bool_()),
                "id": pa.array(
                    [record.id if row in phrases else None for row, record in enumerate(batch.records)], pa.string()
                ),
                "phrase": pa.array([phrases.get(row) for row in range(len(answers))], pa.string()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Each answer with boilerplate, and what is wrong with the whole."""
        synthetic = sum(pc.sum(part.column("is_synthetic")).as_py() or 0 for part in gathered.parts())
        figures: JsonObject = {"synthetic": share_figure(synthetic, gathered.num_records)}
        findings = list(self._too_synthetic(synthetic, gathered.num_records))
        seen = _seen(gathered)
        if len(seen.ordinals) == 0:
            return Conclusion(findings, figures, "" if findings else "no record has an answer to learn")
        figures["boilerplate"] = share_figure(seen.num_boilerplate, len(seen.ordinals))
        findings += self._common_openings(gathered, seen, figures)
        findings += self._moulded(gathered, seen, figures)
        return Conclusion([*findings, *_boilerplate(gathered)], figures)

    def _opening(self, answer: str) -> str:
        return " ".join(normalise(answer[:OPENING_CHARACTERS]).split()[: self.opening_words])

    def _too_synthetic(self, count: int, n: int) -> Iterator[CheckFinding]:
        # Not a sample: this is the dataset, so the share is what it is.
        if n and count > self.max_synthetic_share * n:
            reason = f"{count / n:.1%} of the records are synthetic, at most {self.max_synthetic_share:.1%} are allowed"
            yield CheckFinding(record_id="", reason=reason, evidence=share_figure(count, n))

    def _common_openings(self, gathered: Gathered, seen: _Seen, figures: JsonObject) -> Iterator[CheckFinding]:
        n = len(seen.ordinals)
        hashes, first, counts = np.unique(seen.openings, return_index=True, return_counts=True)
        most = sorted(zip((-counts).tolist(), seen.ordinals[first].tolist(), strict=True))[:NUM_OPENINGS]
        texts = _answers(gathered, sorted(ordinal for _, ordinal in most))
        named = [(self._opening(texts[ordinal]), -count) for count, ordinal in most]
        named = [(opening, count) for opening, count in named if opening and count > 1]
        figures["num_openings"] = len(hashes)
        figures["openings"] = [{"opening": opening, **share_figure(count, n)} for opening, count in named]
        for opening, count in named:
            ends = wilson(count, n)
            if ends.low > self.max_opening_share:
                reason = f"{count / n:.1%} of {n:,} answers begin with “{opening}” [{ends.low:.1%}, {ends.high:.1%}]"
                yield CheckFinding(record_id="", reason=reason, evidence={"opening": opening, **share_figure(count, n)})

    def _moulded(self, gathered: Gathered, seen: _Seen, figures: JsonObject) -> Iterator[CheckFinding]:
        chosen = np.lexsort((seen.ordinals, seen.draws))[: self.sample]
        answers = _answers(gathered, sorted(seen.ordinals[chosen].tolist()))
        texts = [words(answer)[:MAX_WORDS] for _, answer in sorted(answers.items())]
        score = self_bleu(texts)
        figures["sample"] = len(texts)
        figures["self_bleu"] = None if score is None else round(score, 4)
        for size in (1, 2, 3):
            share = distinct_share(texts, size)
            figures[f"distinct_{size}"] = None if share is None else round(share, 4)
        if score is not None and score > self.max_self_bleu:
            allowed = f"at most {self.max_self_bleu:.2f} is allowed"
            reason = f"a sample of {len(texts)} answers has a self-BLEU of {score:.2f}, {allowed}"
            yield CheckFinding(record_id="", reason=reason, evidence={"self_bleu": round(score, 4), "n": len(texts)})


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=HASH_BYTES)
    return int.from_bytes(digest.digest(), "little")


def _seen(gathered: Gathered) -> _Seen:
    ordinals, openings, draws = [np.empty(0, np.int64)], [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    num_boilerplate = 0
    for part in gathered.parts():
        answered = part.filter(part.column("opening").is_valid())
        num_boilerplate += len(part) - part.column("phrase").null_count
        ordinals.append(answered.column("ordinal").to_numpy())
        openings.append(answered.column("opening").to_numpy())
        draws.append(answered.column("draw").to_numpy())
    return _Seen(np.concatenate(ordinals), np.concatenate(openings), np.concatenate(draws), num_boilerplate)


def _answers(gathered: Gathered, ordinals: list[int]) -> dict[int, str]:
    return {
        ordinal: learnt_answer(record) for batch in gathered.batches(ordinals) for ordinal, record in batch.placed()
    }


def _boilerplate(gathered: Gathered) -> Iterator[CheckFinding]:
    for part in gathered.parts():
        for row in part.filter(part.column("phrase").is_valid()).select(["ordinal", "id", "phrase"]).to_pylist():
            yield CheckFinding(
                record_id=row["id"],
                reason=f"the answer holds “{row['phrase']}”",
                evidence={"phrase": row["phrase"]},
                index=row["ordinal"],
            )
