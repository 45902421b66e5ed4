"""The verdict by hand-made criteria, each of which says one thing whatever the evidence."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from preceptor.core.errors import ConflictError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.slice_regression import SliceRegression
from preceptor.gates.decide import decide
from preceptor.gates.policy import Policy
from preceptor.gates.rule import Rule
from preceptor.gates.types import CriterionResult, Decision, Evidence, JudgeRules, RunFacts, Waiver

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOTHING = Evidence(baseline={}, candidate={}, primary="score", as_of=NOW)


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
            reason=f"it says {self.word}",
        )


def rule(word, tier="critical", name="", **settings):
    return Rule(criterion=Says(word=word), name=name or word, tier=tier, **settings)


def policy(*rules, **settings):
    return Policy(name="p", criteria=rules, hash="h" * 64, **settings)


def waiver(criterion, **changes):
    made = Waiver(
        id=f"waiver_{criterion}",
        policy="p",
        criterion=criterion,
        by="ada",
        role="engineering",
        reason="known, mended next week",
        until=NOW + timedelta(days=7),
        made_at=NOW - timedelta(days=1),
    )
    return replace(made, **changes)


def with_waivers(*waivers):
    return replace(NOTHING, waivers=waivers)


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
    decided = decide(NOTHING, policy(*(rule(word) for word in said)))
    assert decided.verdict == verdict
    assert [result.verdict for result in decided.criteria] == said
    assert (decided.policy_hash, decided.policy_name) == ("h" * 64, "p")


@pytest.mark.parametrize(
    ("tier", "word", "verdict"),
    [
        ("supporting", "fail", "fail"),
        ("supporting", "inconclusive", "pass"),
        ("supporting", "pass", "pass"),
        ("advisory", "fail", "pass"),
        ("advisory", "inconclusive", "pass"),
    ],
)
def test_what_a_tier_counts_beside_a_critical_pass(tier, word, verdict):
    decided = decide(NOTHING, policy(rule("pass", name="main"), rule(word, tier)))
    assert decided.verdict == verdict
    assert [(one.name, one.tier, one.verdict) for one in decided.criteria][1] == (word, tier, word)


@pytest.mark.parametrize("tier", ["supporting", "advisory"])
def test_without_a_critical_criterion_nothing_is_shown(tier):
    decided = decide(NOTHING, policy(rule("pass", tier)))
    assert decided.verdict == "inconclusive"
    assert "no critical criterion" in decided.reason


def test_a_supporting_criterion_that_does_not_tell_is_noted():
    decided = decide(NOTHING, policy(rule("pass"), rule("inconclusive", "supporting")))
    assert any("(supporting) is inconclusive and holds nothing back" in note for note in decided.notes)


def test_the_reason_says_the_word_and_what_decided():
    rules = rule("pass", name="good"), rule("fail", "supporting", name="bad"), rule("fail", "advisory", name="aside")
    assert decide(NOTHING, policy(*rules)).reason == "NO-GO: bad: it says fail"
    assert decide(NOTHING, policy(rules[0])).reason == "GO: good: it says pass"
    unsure = rule("inconclusive", name="open")
    assert decide(NOTHING, policy(rules[0], unsure)).reason == "INCONCLUSIVE: open: it says inconclusive"


@pytest.mark.parametrize("word", ["fail", "inconclusive"])
def test_a_waived_criterion_keeps_its_word_and_holds_nothing_back(word):
    decided = decide(with_waivers(waiver(word)), policy(rule("pass"), rule(word)))
    assert decided.verdict == "pass"
    assert (decided.criteria[1].verdict, decided.criteria[1].waiver) == (word, f"waiver_{word}")
    assert [one.id for one in decided.waivers] == [f"waiver_{word}"]
    assert decided.reason == f"GO: pass: it says pass; waived: {word}"
    assert any("waived by ada (engineering) until 2026-12-01: known" in note for note in decided.notes)


def test_a_waiver_lets_only_its_own_criterion_by():
    decided = decide(with_waivers(waiver("first")), policy(rule("fail", name="first"), rule("fail", name="second")))
    assert decided.verdict == "fail"
    assert decided.reason == "NO-GO: second: it says fail; waived: first"


def test_when_all_that_is_critical_is_waived_the_verdict_says_that_nothing_is_shown():
    decided = decide(with_waivers(waiver("fail")), policy(rule("fail")))
    assert decided.verdict == "pass"
    assert "no critical criterion is met by itself" in decided.reason
    assert "every critical criterion is waived: nothing shows the candidate to be good" in decided.notes


def test_a_waiver_of_what_passes_is_not_used():
    decided = decide(with_waivers(waiver("pass")), policy(rule("pass")))
    assert (decided.waivers, decided.criteria[0].waiver) == ((), "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"until": NOW}, "it ended on 2026-11-24"),
        ({"made_at": NOW + timedelta(seconds=1)}, "after the moment of deciding"),
        ({"criterion": "gone"}, "no criterion of this name"),
    ],
)
def test_a_waiver_that_does_not_hold_is_noted_and_lets_nothing_by(changes, said):
    decided = decide(with_waivers(replace(waiver("fail"), **changes)), policy(rule("fail")))
    assert decided.verdict == "fail"
    assert any(said in note for note in decided.notes)


def test_a_rule_that_is_not_waivable_is_not_waived():
    decided = decide(with_waivers(waiver("fail")), policy(rule("fail", waivable=False)))
    assert decided.verdict == "fail"
    assert any("does not let this criterion be waived" in note for note in decided.notes)


def test_without_the_moment_of_deciding_no_waiver_holds():
    decided = decide(replace(with_waivers(waiver("fail")), as_of=None), policy(rule("fail")))
    assert decided.verdict == "fail"
    assert any("the moment of deciding is not known" in note for note in decided.notes)


def test_another_policys_waivers_are_none_of_this_ones_business():
    decided = decide(with_waivers(waiver("fail", policy="other")), policy(rule("fail")))
    assert decided.verdict == "fail"
    assert not any("waiver" in note for note in decided.notes)


def sliced(**lost):
    """200 cases a slice, all right in the baseline; so many of each are lost by the candidate."""
    before, after = [], []
    for name, num_lost in lost.items():
        ids = [(f"{name}{case}", (f"intent={name}",)) for case in range(200)]
        before += [ScoreRow(id=id_, score=1.0, slices=slices) for id_, slices in ids]
        after += [ScoreRow(id=id_, score=float(n >= num_lost), slices=slices) for n, (id_, slices) in enumerate(ids)]
    return replace(NOTHING, baseline={"score": before}, candidate={"score": after})


BY_SLICE = Rule(criterion=SliceRegression(margin=0.05), name="slices")


def test_a_waiver_of_a_slice_lets_that_slice_by():
    evidence = replace(sliced(billing=60, refund=0), waivers=(waiver("slices", slice="intent=billing"),))
    decided = decide(evidence, policy(BY_SLICE))
    assert decided.verdict == "pass"
    assert decided.criteria[0].verdict == "fail"
    assert decided.criteria[0].waiver == "waiver_slices"


def test_a_waiver_of_one_slice_does_not_let_another_by():
    evidence = replace(sliced(billing=60, refund=60), waivers=(waiver("slices", slice="intent=billing"),))
    decided = decide(evidence, policy(BY_SLICE))
    assert (decided.verdict, decided.waivers) == ("fail", ())
    assert any("is not enough" in note for note in decided.notes)


def test_two_slices_take_two_waivers():
    waivers = tuple(waiver("slices", id=name, slice=f"intent={name}") for name in ("billing", "refund"))
    evidence = replace(sliced(billing=60, refund=60, delivery=0), waivers=waivers)
    decided = decide(evidence, policy(BY_SLICE))
    assert decided.verdict == "pass"
    assert [one.id for one in decided.waivers] == ["billing", "refund"]


def test_a_waiver_of_a_slice_has_no_effect_on_a_criterion_without_slices():
    evidence = with_waivers(waiver("fail", slice="intent=billing"))
    decided = decide(evidence, policy(rule("fail")))
    assert decided.verdict == "fail"
    assert any("does not judge a slice 'intent=billing'" in note for note in decided.notes)


def facts(**changes):
    return RunFacts(
        **{"run_id": "run", "cases": "c", "graders": "g", "judge": "j", "dataset": "d", "prompt": "p", "sampling": "s"}
        | changes
    )


def test_runs_that_differ_in_more_than_the_policy_allows_are_refused():
    evidence = replace(NOTHING, baseline_facts=facts(), candidate_facts=facts(prompt="other"))
    with pytest.raises(ConflictError, match="prompt"):
        decide(evidence, policy(rule("pass")))
    decided = decide(evidence, policy(rule("pass"), may_differ=("prompt",)))
    assert decided.verdict == "pass"
    assert "the runs differ in prompt, as the policy allows" in decided.notes


def test_the_verdict_names_its_runs_and_the_roles_that_must_sign():
    evidence = replace(NOTHING, baseline_facts=facts(run_id="run_1"), candidate_facts=facts(run_id="run_2"))
    decided = decide(evidence, policy(rule("pass"), sign_offs={"product": (), "engineering": ("ada",)}))
    assert (decided.baseline_run, decided.candidate_run) == ("run_1", "run_2")
    assert decided.sign_offs == ("product", "engineering")


def test_the_policys_rules_for_judges_reach_the_criteria():
    @dataclass(frozen=True, kw_only=True)
    class Tells(Says):
        def judge(self, evidence):
            return replace(super().judge(evidence), n=evidence.judge_rules.min_labels)

    rules = Rule(criterion=Tells(word="pass"), name="tells")
    assert decide(NOTHING, policy(rules, judges=JudgeRules(min_labels=77))).criteria[0].n == 77


def test_the_same_evidence_gives_the_same_verdict():
    evidence = replace(sliced(billing=3, refund=0), waivers=(waiver("slices"),))
    assert decide(evidence, policy(BY_SLICE)) == decide(evidence, policy(BY_SLICE))
