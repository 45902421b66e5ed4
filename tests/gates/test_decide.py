from dataclasses import dataclass
from typing import ClassVar

import pytest

from preceptor.gates.decide import decide
from preceptor.gates.policy import Policy
from preceptor.gates.types import CriterionResult, Decision, Evidence

NOTHING = Evidence(baseline={}, candidate={}, primary="score")


@dataclass(frozen=True, kw_only=True)
class Says:
    """A criterion that always says the same."""

    version: ClassVar[int] = 1
    word: Decision

    def judge(self, evidence):  # noqa: ARG002 - it says the same whatever the evidence
        return CriterionResult(
            kind=self.word,
            verdict=self.word,
            value=None,
            interval=None,
            n=0,
            required_n=None,
            reason=f"it {self.word}s",
        )


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "inconclusive"], "inconclusive"),
        (["pass", "fail"], "fail"),
        (["inconclusive", "fail"], "fail"),
        ([], "inconclusive"),
    ],
)
def test_one_fail_fails_and_only_all_passes_pass(said, verdict):
    policy = Policy(name="p", criteria=tuple(Says(word=word) for word in said), hash="h")
    decided = decide(NOTHING, policy)
    assert decided.verdict == verdict
    assert [result.verdict for result in decided.criteria] == said
    assert (decided.policy_hash, decided.policy_name) == ("h", "p")


def test_the_reason_names_what_decided():
    policy = Policy(name="p", criteria=(Says(word="pass"), Says(word="fail")), hash="h")
    assert decide(NOTHING, policy).reason == "fail: it fails"
