"""Probes find the faults of made-up judges, and none in a fair one."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from preceptor.core.errors import InputError, NotAllowedError
from preceptor.grading.graders.llm_judge import LlmJudge
from preceptor.grading.graders.pairwise_judge import PairwiseJudge
from preceptor.grading.types import Sample
from preceptor.judges.probes import FILLER, asker, probe_padding, probe_position, probe_repeats
from preceptor.models.types import Completion, Message

PROVIDER = {"kind": "openai", "model": "judge"}
SAMPLES = [
    Sample(output=f"answer {number}", other_output=f"other {number}", messages=(Message(role="user", content="?"),))
    for number in range(60)
]


@dataclass
class FakeModel:
    """A language model that answers by a rule, given the request as text and its epoch."""

    rule: object
    asked: int = 0

    async def complete(self, request):
        self.asked += 1
        return Completion(text=json.dumps(self.rule(request.messages[-1].content, request.epoch)), model="judge")


def pointwise(rule):
    model = FakeModel(lambda text, epoch: {"reason": "so", "score": rule(text, epoch)})
    return asker("helpful", LlmJudge(instructions="Is it good?", provider=PROVIDER), model)


def pairwise(rule):
    model = FakeModel(lambda text, _epoch: {"reason": "so", "winner": rule(text)})
    return asker("better", PairwiseJudge(instructions="Which is better?", provider=PROVIDER), model)


async def test_a_judge_that_likes_the_first_place_is_found():
    probe = await probe_position(SAMPLES, pairwise(lambda _text: "first"))
    assert (probe.name, probe.figure.value, probe.figure.n) == ("position", 1.0, 60)
    assert 0.85 < probe.figure.interval.low < 1
    assert probe.figure.reason == "the order changed 60 of 60 verdicts"


async def test_a_judge_that_reads_the_answers_has_no_place():
    """It always prefers the one called other, wherever it stands."""

    def rule(text):
        return "first" if text.index("other") < text.index("answer ") else "second"

    figure = (await probe_position(SAMPLES, pairwise(rule))).figure
    assert figure.value == 0
    assert figure.interval.low < 0 < figure.interval.high


async def test_a_judge_of_one_answer_has_no_order():
    probe = await probe_position(SAMPLES[:3], pointwise(lambda _text, _epoch: 5))
    assert probe.figure.value is None
    assert "one answer at a time" in probe.figure.reason


async def test_a_judge_that_likes_length_is_found():
    chance = np.random.default_rng(1)
    probe = await probe_padding(
        SAMPLES, pointwise(lambda text, _epoch: 5 + int(chance.integers(2)) + 2 * (FILLER.strip()[:20] in text))
    )
    assert probe.name == "padding"
    assert probe.figure.interval.low < 0.2 < probe.figure.interval.high
    assert probe.figure.interval.low > 0.1


async def test_a_judge_that_ignores_length_is_not_certain_to():
    """All differences are 0, and the interval has width."""
    figure = (await probe_padding(SAMPLES, pointwise(lambda _text, _epoch: 5))).figure
    assert figure.value == 0
    assert figure.interval.low < 0 < figure.interval.high


async def test_a_judge_that_wavers_is_found():
    """Every second answer gets 4, 6, 4 of 10: a changed verdict and a variance of .04 / 3 in it."""

    def rule(text, epoch):
        is_wavering = any(f'answer {number}"' in text for number in range(0, 60, 2))
        return 6 if is_wavering and epoch == 2 else 4

    changes, spread = await probe_repeats(SAMPLES, pointwise(rule))
    assert (changes.name, changes.figure.value, changes.figure.n) == ("repeat_changes", 0.5, 60)
    assert changes.figure.interval.low < 0.5 < changes.figure.interval.high
    assert spread.figure.value == pytest.approx((0.5 * 0.04 / 3) ** 0.5)


async def test_a_steady_judge_does_not_change():
    changes, spread = await probe_repeats(SAMPLES, pointwise(lambda _text, _epoch: 7), num_repeats=2)
    assert (changes.figure.value, spread.figure.value) == (0.0, 0.0)
    assert changes.figure.interval.high > 0


async def test_one_repeat_is_none():
    with pytest.raises(InputError, match="num_repeats is 1"):
        await probe_repeats(SAMPLES, pointwise(lambda _text, _epoch: 7), num_repeats=1)


async def test_a_judge_that_cannot_be_read_gives_no_figure():
    for probe in (
        await probe_padding(SAMPLES[:4], pointwise(lambda _text, _epoch: 99)),
        *(await probe_repeats(SAMPLES[:4], pointwise(lambda _text, _epoch: 99))),
        await probe_position(SAMPLES[:4], pairwise(lambda _text: "neither")),
    ):
        assert probe.figure.value is None
        assert "judgements failed" in probe.figure.reason


async def test_no_samples_give_no_figure():
    assert (await probe_padding([], pointwise(lambda _text, _epoch: 5))).figure.value is None
    assert (await probe_repeats([], pointwise(lambda _text, _epoch: 5)))[0].figure.value is None


async def test_a_spend_limit_ends_the_probe():
    def rule(_text, _epoch):
        raise NotAllowedError("the limit of $1 is reached")

    with pytest.raises(NotAllowedError, match="limit"):
        await probe_padding(SAMPLES, pointwise(rule))
