"""Tokens and dollars of a run, its progress, and the estimate before it."""

from __future__ import annotations

import dataclasses

from preceptor.core.registry import PluginIdentity
from preceptor.evals.estimate import estimate_run
from preceptor.evals.progress import ProgressTally
from preceptor.evals.spending import run_spending
from preceptor.evals.types import EvalCase, Limits, SampleResult, Spending, Suite, SuiteTool
from preceptor.grading.types import MetricScore
from preceptor.models.target import Target
from preceptor.models.types import Message, Sampling, Tool, Usage

JUDGE = PluginIdentity(kind="grader", name="llm_judge", version=1, settings={})


def sample(name: str, usage: Usage, judge: Usage | None = None, **changed) -> SampleResult:
    score = MetricScore(metric="m", value=0.5, reason="", grader=JUDGE, usage=judge or Usage())
    return SampleResult(case_id=name, status="ok", output="x", usage=usage, scores=(score,), **changed)


def test_target_and_judges_are_summed_apart_and_cached_answers_cost_nothing():
    results = [
        sample(
            "a", Usage(input_tokens=10, output_tokens=2, cost=0.1), Usage(input_tokens=30, output_tokens=1, cost=0.2)
        ),
        sample("b", Usage(input_tokens=10, output_tokens=3, cost=0.9), is_cached=True),
        SampleResult(case_id="c", status="infra_error", output=None, error="down"),
    ]
    found = run_spending(results)
    assert found.target == Spending(num_samples=2, num_cached=1, input_tokens=20, output_tokens=5, dollars=0.1)
    assert found.judges == Spending(num_samples=1, num_cached=0, input_tokens=30, output_tokens=1, dollars=0.2)


def test_a_sum_is_unknown_when_a_part_is():
    found = run_spending([sample("a", Usage(input_tokens=1, cost=0.1)), sample("b", Usage(input_tokens=1))]).target
    assert (found.input_tokens, found.output_tokens, found.dollars) == (2, None, None)
    assert found.reason == "2 of 2 samples do not say their output tokens; 1 of 2 samples do not say their dollars"


def test_ten_times_a_tenth_is_one():
    assert run_spending([sample(str(n), Usage(cost=0.1)) for n in range(10)]).target.dollars == 1.0


SUITE = Suite(
    name="s",
    cases=tuple(EvalCase(id=name, messages=(Message(role="user", content="x" * 40),)) for name in "ab"),
    graders={},
    primary="m",
    epochs=2,
)


def test_progress_counts_a_sample_told_of_twice_once():
    tally = ProgressTally.of(SUITE, [SampleResult(case_id="a", status="infra_error", output=None)])
    tally.add(sample("a", Usage(input_tokens=3, output_tokens=1, cost=0.5), Usage(output_tokens=2)))
    tally.add(sample("a", Usage(), epoch=2))
    seen = tally.view(concurrency=4)
    assert (seen.num_samples, seen.num_done, seen.by_status) == (4, 2, {"ok": 2})
    assert (seen.mean, seen.num_scored, seen.concurrency) == (0.5, 2, 4)
    assert (seen.input_tokens, seen.output_tokens, seen.dollars) == (3, 3, 0.5)


def test_the_estimate_multiplies_cases_epochs_and_prices():
    """System 4 bytes + case 40: 11 tokens, 2 messages x 4, 3 for the answer: 22 in. Longest answer 100, half expected.

    4 samples, one done: 3 x 22 = 66 in, 3 x 50 = 150 out. At 1 and 10 dollars a million: 0.001566.
    The most a request can take: 44 bytes + 64 + 2 x 16 = 140; 3 x 140 = 420 in, 300 out: 0.00342.
    """
    target = Target(
        name="t",
        provider={"kind": "openai", "model": "m", "input_price": 1.0, "output_price": 10.0},
        system="syst",
        sampling=Sampling(max_tokens=100),
    )
    found = estimate_run(SUITE, target, {("a", 1)})
    assert (found.num_samples, found.expected_requests, found.highest_requests) == (3, 3, 3)
    assert (found.expected_input_tokens, found.expected_output_tokens) == (66, 150)
    assert (found.highest_input_tokens, found.highest_output_tokens) == (420, 300)
    assert round(found.expected_dollars or 0, 9) == 0.001566
    assert round(found.highest_dollars or 0, 9) == 0.00342


def test_tools_may_take_as_many_answers_as_the_limit_allows_and_no_price_is_no_zero():
    suite = dataclasses.replace(SUITE, tools=(SuiteTool(tool=Tool(name="look")),), limits=Limits(max_steps=3))
    found = estimate_run(suite, Target(name="t", provider={"kind": "openai", "model": "m"}, system=""))
    assert (found.expected_requests, found.highest_requests) == (4, 12)
    assert found.expected_dollars is None
    assert "input_price" in found.reason
