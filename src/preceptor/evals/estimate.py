"""What a run will take, before anything is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from preceptor.core.json_values import JsonObject
from preceptor.evals.identity import suite_graders
from preceptor.evals.journal import SampleKey
from preceptor.evals.types import EvalCase, Suite
from preceptor.grading.judges import judge_settings
from preceptor.models.estimate import estimate_tokens, prices_of
from preceptor.models.target import Target, request_for
from preceptor.models.types import ChatRequest, Message, Tool

JUDGE_FRAME_TOKENS = 400
"""The instructions and the frame around the material, about."""

JUDGE_ANSWER_TOKENS = 512
"""The most that a judge writes, where its settings do not say."""


@dataclass(frozen=True, kw_only=True)
class RunEstimate:
    """Requests and tokens of the samples that are still to be asked, and at most so many dollars.

    Answers are counted at their longest (`max_tokens`); with tools each sample is counted at two
    answers, and may take up to the suite's `max_steps`. Answers in the cache are not known
    here: they make it cheaper. `dollars` is None, with the reason, where a price is not known.
    """

    num_samples: int
    num_requests: int
    num_judge_requests: int
    input_tokens: int
    output_tokens: int
    dollars: float | None
    reason: str = ""


def estimate_run(suite: Suite, target: Target, done: Collection[SampleKey] = ()) -> RunEstimate:
    """The estimate for the cases and epochs that are not done."""
    judges = judge_settings(suite_graders(suite))
    open_epochs = {
        case.id: sum((case.id, epoch) not in done for epoch in range(1, suite.epochs + 1)) for case in suite.cases
    }
    num_requests = input_tokens = output_tokens = judged_tokens = 0
    for case in suite.cases:
        answers, tokens = _asked(suite, target, case)
        num_requests += answers * open_epochs[case.id]
        input_tokens += tokens * open_epochs[case.id]
        output_tokens += answers * target.sampling.max_tokens * open_epochs[case.id]
        judged_tokens += (tokens + target.sampling.max_tokens) * open_epochs[case.id]
    num_samples = sum(open_epochs.values())
    spent = [_dollars(target.provider, input_tokens, output_tokens)]
    for judge in judges.values():
        asked = judged_tokens + JUDGE_FRAME_TOKENS * num_samples
        spent.append(_dollars(judge, asked, JUDGE_ANSWER_TOKENS * num_samples))
        input_tokens += asked
        output_tokens += JUDGE_ANSWER_TOKENS * num_samples
    known = [dollars for dollars in spent if dollars is not None]
    is_known = len(known) == len(spent)
    return RunEstimate(
        num_samples=num_samples,
        num_requests=num_requests,
        num_judge_requests=num_samples * len(judges),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        dollars=sum(known) if is_known else None,
        reason="" if is_known else "no price is known; set input_price and output_price (dollars for a million tokens)",
    )


def _asked(suite: Suite, target: Target, case: EvalCase) -> tuple[int, int]:
    """How many answers a case takes, about, and the input tokens of them all together."""
    tools: tuple[Tool, ...] = tuple(tool.tool for tool in suite.tools)
    num_answers = 1 + len(case.user_turns) + (1 if tools else 0)
    later = tuple(Message(role="user", content=text) for text in case.user_turns)
    tokens = 0
    for answer in range(num_answers):
        shown = (*case.messages, *later[:answer])
        base = request_for(target, shown)
        request = ChatRequest(
            messages=base.messages, sampling=base.sampling, response_schema=base.response_schema, tools=tools
        )
        # Earlier answers are part of the question.
        tokens += estimate_tokens(request) + answer * target.sampling.max_tokens
    return num_answers, tokens


def _dollars(provider: Mapping[str, object], input_tokens: int, output_tokens: int) -> float | None:
    settings: JsonObject = dict(provider)  # type: ignore[arg-type]  # a provider's settings are JSON
    return prices_of(settings).cost(input_tokens, output_tokens)
