"""What a run will take, before anything is paid for."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from preceptor.evals.journal import SampleKey
from preceptor.evals.types import EvalCase, RunEstimate, Suite
from preceptor.models.estimate import estimate_tokens, most_input_tokens, most_output_tokens, prices_of
from preceptor.models.target import Target, request_for
from preceptor.models.types import ChatRequest, Message

EXPECTED_SHARE_OF_OUTPUT = 0.5


class _Tokens(NamedTuple):
    """What the samples of one case in one epoch take: requests, tokens in, tokens out."""

    num_requests: int
    num_in: int
    num_out: int


def estimate_run(suite: Suite, target: Target, done: Container[SampleKey] = ()) -> RunEstimate:
    """What the target's answers to all samples but the `done` ones will probably, and at most, take.

    Expected: one answer for each turn of the user (and one more where the case has recorded tool
    results), each half as long as it may be. Highest: each conversation goes on to its limits, the
    longest answers come back as input, and no tokenizer makes more tokens (`models/estimate.py`);
    what tools say comes on top, as long as recorded. Answers in the response cache are not
    subtracted, nor are judges added.
    """
    longest = most_output_tokens(target.provider) or target.sampling.max_tokens
    expected, highest = [], []
    for case in suite.cases:
        num_open = sum((case.id, epoch) not in done for epoch in range(1, suite.epochs + 1))
        if num_open:
            expected += [_expected(suite, target, case, longest)] * num_open
            highest += [_highest(suite, target, case, longest)] * num_open
    prices = prices_of(target.provider)
    first, most = _total(expected), _total(highest)
    return RunEstimate(
        num_samples=len(expected),
        expected_requests=first.num_requests,
        highest_requests=most.num_requests,
        expected_input_tokens=first.num_in,
        highest_input_tokens=most.num_in,
        expected_output_tokens=first.num_out,
        highest_output_tokens=most.num_out,
        expected_dollars=prices.cost(first.num_in, first.num_out),
        highest_dollars=prices.cost(most.num_in, most.num_out),
        reason="" if prices.are_known else "the target's provider has no input_price and output_price",
    )


def _expected(suite: Suite, target: Target, case: EvalCase, longest: int) -> _Tokens:
    num_answers = min(suite.limits.max_steps, 1 + len(case.user_turns) + bool(case.tool_results))
    answer = int(longest * EXPECTED_SHARE_OF_OUTPUT)
    asked = estimate_tokens(_request(suite, target, case))
    said = estimate_tokens(ChatRequest(messages=_later(case))) if _later(case) else 0
    # Each answer is asked for with all before it; what users and tools say comes in evenly.
    num_in = sum(asked + step * answer + said * step // num_answers for step in range(num_answers))
    return _Tokens(num_answers, num_in, _held(num_answers * answer, suite))


def _highest(suite: Suite, target: Target, case: EvalCase, longest: int) -> _Tokens:
    may_call = bool(suite.tools)
    num_answers = suite.limits.max_steps if may_call else min(suite.limits.max_steps, 1 + len(case.user_turns))
    asked = most_input_tokens(_request(suite, target, case))
    said = most_input_tokens(ChatRequest(messages=_later(case))) if _later(case) else 0
    num_in = sum(asked + step * longest + (said if step else 0) for step in range(num_answers))
    return _Tokens(num_answers, num_in, _held(num_answers * longest, suite))


def _request(suite: Suite, target: Target, case: EvalCase) -> ChatRequest:
    request = request_for(target, case.messages)
    return ChatRequest(
        messages=request.messages,
        sampling=request.sampling,
        response_schema=request.response_schema,
        tools=tuple(tool.tool for tool in suite.tools),
    )


def _later(case: EvalCase) -> tuple[Message, ...]:
    """What is said to the model after its first answer."""
    users = (Message(role="user", content=turn) for turn in case.user_turns)
    tools = (Message(role="tool", content=result.content) for result in case.tool_results)
    return (*users, *tools)


def _held(num_out: int, suite: Suite) -> int:
    highest = suite.limits.max_output_tokens
    return num_out if highest is None else min(num_out, highest)


def _total(parts: list[_Tokens]) -> _Tokens:
    return _Tokens(*(sum(column) for column in zip(*parts, strict=True))) if parts else _Tokens(0, 0, 0)
