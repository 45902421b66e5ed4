"""Scores of real judges, moved to 0..1 as `llm_judge` moves them, have the published means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preceptor.grading.graders.llm_judge import LlmJudge
from preceptor.grading.types import Sample
from preceptor.models.types import ChatRequest, Completion

# WildBench leaderboard, GPT-4o as judge on a scale of 1 to 10: SOURCE.md, equal to leaderboard_score.json.
MEANS = {
    "gemma-7b-it": 5.5088,
    "gemma-2b-it": 4.7375,
    "gpt-3.5-turbo-0125": 6.6139,
    "reka-flash-20240226": 6.7302,
    "Qwen1.5-72B-Chat-greedy": 7.1734,
}


class Replayed:
    """Says a recorded score."""

    def __init__(self, score: float) -> None:
        self.says = json.dumps({"score": score})

    async def complete(self, request: ChatRequest) -> Completion:  # noqa: ARG002 - the protocol's signature
        return Completion(text=self.says, model="recorded")


@pytest.mark.shared_data
@pytest.mark.parametrize("model", MEANS)
async def test_wildbench_means_are_the_published_ones(shared_data: Path, model: str):
    path = shared_data / f"wildbench_scores/judge=gpt-4o-2024-05-13__v2.0625/{model}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    judge = LlmJudge(
        instructions="Score it.", provider={"kind": "openai", "model": "gpt-4o"}, minimum=1.0, maximum=10.0
    )
    total = 0.0
    for row in rows:
        score = await judge.grade_with(Sample(output=""), Replayed(float(row["score"])))
        assert score.value is not None
        total += 1 + 9 * score.value
    published = json.loads((shared_data / "wildbench_scores/leaderboard_score.json").read_text(encoding="utf-8"))[model]
    assert len(rows) == published["total"]
    assert total / len(rows) == pytest.approx(published["score"], abs=1e-9)
    assert total / len(rows) == pytest.approx(MEANS[model], abs=5e-5)
