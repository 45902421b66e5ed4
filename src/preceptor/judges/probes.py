"""Ask a judge what gives its faults away: does order, length, or asking again change what it says?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from preceptor.core.errors import InputError, NotAllowedError, StorageError
from preceptor.grading.grade import grade
from preceptor.grading.grader import ModelGrader
from preceptor.grading.position_bias import position_bias
from preceptor.grading.types import MetricScore, Sample
from preceptor.judges.figures import mean, nothing, share
from preceptor.judges.types import Figure, Probe
from preceptor.models.provider import ChatModel
from preceptor.models.types import ChatRequest, Completion
from preceptor.stats.paired import Flips, tango_interval
from preceptor.stats.types import Interval

Ask = Callable[[Sample, int], Awaitable[MetricScore]]
"""The judge's score of a sample; the number is the repeat, from 1."""

FILLER = (
    " To put this in context, it may help to say a few more words. The above is meant as a complete answer to"
    " what was asked. It has been written with care, and it says what there is to say on the matter. Should"
    " anything be unclear, the explanation above can be read once more from its beginning."
)
"""Words that add length and nothing else."""

DIFFERENCES = Interval(-1.0, 1.0)
MIN_REPEATS = 2
AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class _Repeat:
    """The same model asked once more: the repeat keeps cached answers apart."""

    model: ChatModel
    number: int

    async def complete(self, request: ChatRequest) -> Completion:
        """The model's answer to this repeat of the request."""
        return await self.model.complete(replace(request, epoch=self.number))


def asker(metric: str, grader: ModelGrader, model: ChatModel) -> Ask:
    """What asks this judge; a judgement that fails is a score of None with the reason."""

    async def ask(sample: Sample, repeat: int) -> MetricScore:
        return await grade(sample, metric, grader, _Repeat(model=model, number=repeat))

    return ask


async def probe_position(samples: Sequence[Sample], ask: Ask, confidence: float = 0.95) -> Probe:
    """How much more often the first place wins for being first than the second: -1 to 1, 0 for a fair judge.

    Of a judge that compares two answers in both orders; others have no order to be swayed by. The
    interval is Tango's for paired verdicts.
    """
    scores = await _ask_all([(sample, 1) for sample in samples], ask)
    found = position_bias([score.details for score in scores], confidence)
    if not found.num_pairs:
        why = "the judge scores one answer at a time, so there is no order to sway it"
        return Probe(name="position", figure=nothing(_why_none(scores) or why))
    flips = Flips(found.num_first, found.num_second, found.num_pairs)
    changed = found.num_pairs - found.num_consistent
    figure = Figure(
        value=flips.difference,
        interval=tango_interval(flips, confidence),
        n=found.num_pairs,
        reason=f"the order changed {changed} of {found.num_pairs} verdicts",
    )
    return Probe(name="position", figure=figure)


async def probe_padding(samples: Sequence[Sample], ask: Ask, confidence: float = 0.95) -> Probe:
    """How much the judge's score rises when each answer gets three sentences longer and no better."""
    before = await _ask_all([(sample, 1) for sample in samples], ask)
    after = await _ask_all([(replace(sample, output=sample.output + FILLER), 1) for sample in samples], ask)
    changes = [
        padded.value - plain.value
        for plain, padded in zip(before, after, strict=True)
        if plain.value is not None and padded.value is not None
    ]
    if not changes:
        return Probe(name="padding", figure=nothing(_why_none([*before, *after]) or "no answers to pad"))
    clusters: list[str | None] = [None] * len(changes)
    return Probe(name="padding", figure=mean(changes, clusters, confidence, DIFFERENCES, "answers"))


async def probe_repeats(
    samples: Sequence[Sample], ask: Ask, num_repeats: int = 3, *, threshold: float = 0.5, confidence: float = 0.95
) -> tuple[Probe, Probe]:
    """What asking the same again changes: the share of answers whose verdict changed, and the spread of the scores.

    A verdict is good or not by the threshold. The spread is the mean over the answers of the
    variance between repeats, as a standard deviation, without an interval. A cache must not answer the
    repeats: they differ in the request's `epoch`. Raises InputError for fewer than two repeats.
    """
    if num_repeats < MIN_REPEATS:
        raise InputError(f"num_repeats is {num_repeats!r}; asking again takes at least {MIN_REPEATS}")
    repeats = range(1, num_repeats + 1)
    asked = await _ask_all([(sample, repeat) for sample in samples for repeat in repeats], ask)
    of_samples = [asked[start : start + num_repeats] for start in range(0, len(asked), num_repeats)]
    scored = [[score.value for score in scores if score.value is not None] for scores in of_samples]
    values = [found for found in scored if len(found) >= MIN_REPEATS]
    if not values:
        why = nothing(_why_none(asked) or "no answer was judged twice")
        return Probe(name="repeat_changes", figure=why), Probe(name="repeat_spread", figure=why)
    changed = [len({value >= threshold for value in found}) > 1 for found in values]
    clusters: list[str | None] = [None] * len(values)
    variance = float(np.mean([np.var(found, ddof=1) for found in values]))
    spread = Figure(value=variance**0.5, interval=None, n=len(values), reason=f"{num_repeats} repeats each")
    return (
        Probe(name="repeat_changes", figure=share(changed, clusters, confidence, "answers")),
        Probe(name="repeat_spread", figure=spread),
    )


async def _ask_all(questions: Sequence[tuple[Sample, int]], ask: Ask) -> list[MetricScore]:
    """The judge's scores in the order of the questions, a few asked at once; a spend limit ends them all."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(sample: Sample, repeat: int) -> MetricScore:
        async with turn:
            return await ask(sample, repeat)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(sample, repeat)) for sample, repeat in questions]
    except* (NotAllowedError, StorageError) as errors:
        raise errors.exceptions[0] from errors
    return [task.result() for task in tasks]


def _why_none(scores: Sequence[MetricScore]) -> str:
    """The first reason that a judgement failed, and how many did; empty when none did."""
    failed = [score for score in scores if score.value is None]
    return f"{len(failed)} of {len(scores)} judgements failed: {failed[0].reason}" if failed else ""
