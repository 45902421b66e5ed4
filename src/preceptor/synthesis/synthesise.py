"""Write the records of a plan: ask, hold each against the limits, let the judge decide."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from preceptor.core.errors import InputError, ProviderError
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.eval_contamination import EvalContamination
from preceptor.datasets.normal_text import words
from preceptor.datasets.run_checks import find_in
from preceptor.datasets.types import Record
from preceptor.grading.grade import Prepared, grade_prepared
from preceptor.grading.types import Sample
from preceptor.judges.types import Calibration, Figure
from preceptor.models.provider import ChatModel
from preceptor.synthesis.ask import synthesis_request, synthetic_record
from preceptor.synthesis.good_share import good_share
from preceptor.synthesis.grid import coverage, slots_of
from preceptor.synthesis.nearness import SeenTexts
from preceptor.synthesis.types import Attempt, Seed, Slot, SynthesisPlan, SynthesisReport

JUDGE = "judge"


@dataclass(frozen=True, kw_only=True)
class Writers:
    """The open models of a plan: the generator, and the judge with its calibration where the plan has one."""

    generator: ChatModel
    judge: Prepared = ()
    judge_models: Mapping[str, ChatModel] = field(default_factory=dict)
    calibration: Calibration | None = None


@dataclass(frozen=True, kw_only=True)
class Synthesised:
    """The records taken, in the order of their slots, what was not taken, and the figures."""

    records: tuple[Record, ...]
    rejected: tuple[Attempt, ...]
    report: SynthesisReport


async def synthesise(
    plan: SynthesisPlan,
    seeds: Sequence[Seed],
    eval_texts: Mapping[str, str],
    writers: Writers,
    advance: Callable[[int], None] = lambda _: None,
) -> Synthesised:
    """The records of a plan. With the same answers of the models it is always the same ones.

    All open slots are asked at once, then decided in their order; those still empty are asked
    again, up to the plan's attempts. Answers come through the cache of the models that were handed
    in, so a run that was killed goes on without paying twice. Raises NotAllowedError (a spend
    limit, a refused key).
    """
    limits = _Limits.of(plan, seeds, eval_texts)
    attempts: list[Attempt] = []
    waiting = list(slots_of(plan, seeds))
    num_wanted = len(waiting)
    for number in range(1, plan.max_attempts + 1):
        tried = await _ask_all(plan, waiting, number, writers)
        decided = await _judge_all(plan, [limits.decide(one) for one in tried], writers)
        attempts += decided
        filled = {id(one.slot) for one in decided if one.record is not None and one.rejection is None}
        advance(len(filled))
        waiting = [slot for slot in waiting if id(slot) not in filled]
        if not waiting:
            break
    taken = tuple(one.record for one in attempts if one.record is not None and one.rejection is None)
    rejected = tuple(one for one in attempts if one.rejection is not None)
    return Synthesised(
        records=taken,
        rejected=rejected,
        report=_report(plan, attempts, [_name(slot) for slot in waiting], num_wanted, writers.calibration),
    )


@dataclass
class _Limits:
    """What was seen so far; a candidate too near to it is not taken."""

    plan: SynthesisPlan
    seeds: SeenTexts
    taken: SeenTexts
    context: CheckContext

    @classmethod
    def of(cls, plan: SynthesisPlan, seeds: Sequence[Seed], eval_texts: Mapping[str, str]) -> _Limits:
        seen = SeenTexts()
        for seed in seeds:
            seen.add(seed.id, seed.text)
        return cls(plan, seen, SeenTexts(), CheckContext(eval_texts=dict(eval_texts)))

    def decide(self, tried: Attempt) -> Attempt:
        """The attempt with its rejection; one that is within the limits counts as seen from now on."""
        if tried.record is None:
            return tried
        prompt = prompt_of(tried.record)
        near = self.seeds.nearest(prompt)
        if near is not None and near.similarity > self.plan.max_seed_similarity:
            return replace(tried, rejection="near_seed", reason=f"{near.similarity:.2f} like the seed {near.text_id}")
        near = self.taken.nearest(prompt)
        if near is not None and near.similarity > self.plan.max_similarity:
            return replace(tried, rejection="near_other", reason=f"{near.similarity:.2f} like {near.text_id}")
        if self.context.eval_texts:
            for finding in find_in(EvalContamination(), [tried.record], self.context):
                return replace(tried, rejection="eval_case", reason=finding.reason)
        self.taken.add(tried.record.id, prompt)
        return tried


async def _ask_all(plan: SynthesisPlan, slots: Sequence[Slot], number: int, writers: Writers) -> list[Attempt]:
    gate = asyncio.Semaphore(plan.concurrency)

    async def ask(slot: Slot) -> Attempt:
        request = synthesis_request(plan, slot, number)
        async with gate:
            try:
                completion = await writers.generator.complete(request)
            except ProviderError as error:
                return Attempt(slot=slot, attempt=number, rejection="no_answer", reason=str(error))
        try:
            record = synthetic_record(plan, slot, completion, request)
        except InputError as error:
            return Attempt(slot=slot, attempt=number, rejection="unreadable", reason=str(error))
        return Attempt(slot=slot, attempt=number, record=record)

    return await asyncio.gather(*map(ask, slots))


async def _judge_all(plan: SynthesisPlan, tried: Sequence[Attempt], writers: Writers) -> list[Attempt]:
    if plan.judge is None:
        return list(tried)
    min_score, gate = plan.judge.min_score, asyncio.Semaphore(plan.concurrency)

    async def judge(one: Attempt) -> Attempt:
        if one.record is None or one.rejection is not None:
            return one
        sample = Sample(output=one.record.messages[-1].content, messages=one.record.messages[:-1])
        async with gate:
            score = (await grade_prepared(sample, writers.judge, writers.judge_models))[0]
        if score.value is None:
            return replace(one, rejection="not_judged", reason=score.reason)
        if score.value < min_score:
            return replace(one, rejection="judged_bad", reason=score.reason, score=score.value)
        return replace(one, score=score.value)

    return await asyncio.gather(*map(judge, tried))


def prompt_of(record: Record) -> str:
    """What the user writes in a synthetic record."""
    return next((turn.content for turn in record.messages if turn.role == "user"), "")


def _report(
    plan: SynthesisPlan,
    attempts: Sequence[Attempt],
    unfilled: Sequence[str],
    num_wanted: int,
    calibration: Calibration | None,
) -> SynthesisReport:
    taken = [one.record for one in attempts if one.record is not None and one.rejection is None]
    num_judged = sum(one.score is not None for one in attempts)
    no_judge = Figure(value=None, interval=None, n=0, reason="the plan has no judge")
    return SynthesisReport(
        plan=plan.name,
        num_wanted=num_wanted,
        num_taken=len(taken),
        num_attempts=len(attempts),
        rejected=dict(sorted(Counter(str(one.rejection) for one in attempts if one.rejection).items())),
        covered=coverage(plan, taken),
        unfilled=tuple(unfilled),
        distinct=_distinct(taken),
        good_share=good_share(len(taken), num_judged, calibration) if plan.judge else no_judge,
        calibration_id=calibration.id if calibration else None,
    )


def _distinct(records: Sequence[Record]) -> Figure:
    pairs = [pair for record in records for pair in _pairs(words(prompt_of(record)))]
    if not pairs:
        return Figure(value=None, interval=None, n=0, reason="no prompt has two words")
    return Figure(value=len(set(pairs)) / len(pairs), interval=None, n=len(pairs), reason="a property of the whole set")


def _pairs(said: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(said))


def _name(slot: Slot) -> str:
    return f"{slot.persona} / {slot.intent} / {slot.difficulty} / {slot.number}"
