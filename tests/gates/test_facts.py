from datetime import UTC, datetime

import pytest

from preceptor.evals.types import EvalRun, RunIdentity
from preceptor.gates.facts import NO_DATASET, facts_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TARGET = {
    "name": "support",
    "provider": {"kind": "openai", "model": "small"},
    "system": "Answer in JSON.",
    "examples": [],
    "examples_from": None,
    "sampling": {"temperature": 0.0},
    "response_schema": None,
}
EXACT = {"kind": "grader", "name": "exact_match", "version": 1, "settings": {"path": "answer"}}
JUDGE = {"kind": "grader", "name": "llm_judge", "version": 1, "settings": {"provider": {"model": "big"}, "rubric": "r"}}


def run(settings):
    return EvalRun(
        id="run_1",
        suite="support",
        target="support",
        identity=RunIdentity(cases="c" * 64, graders="g" * 64, target="t" * 64),
        primary="right",
        num_cases=3,
        started_at=NOW,
        finished_at=NOW,
        settings=settings,
    )


def facts(target=TARGET, graders=None, **settings):
    return facts_of(run({"target": target, "graders": graders or {"right": EXACT, "kind": JUDGE}, **settings}))


def test_the_run_and_its_moments_are_told():
    found = facts(policies={"release": "a" * 64})
    assert (found.run_id, found.cases, found.model) == ("run_1", "c" * 64, "small")
    assert (found.started_at, found.finished_at, found.policies) == (NOW, NOW, {"release": "a" * 64})


@pytest.mark.parametrize(
    ("key", "value", "fact"),
    [
        ("system", "Answer in XML.", "prompt"),
        ("examples", [{"role": "user", "content": "hi"}], "prompt"),
        ("response_schema", {"type": "object"}, "prompt"),
        ("sampling", {"temperature": 1.0}, "sampling"),
        ("examples_from", {"dataset": "repair_2"}, "dataset"),
        ("provider", {"kind": "openai", "model": "large"}, "model"),
    ],
)
def test_a_change_of_the_target_changes_its_fact_and_no_other(key, value, fact):
    before, after = facts(), facts(target={**TARGET, key: value})
    changed = {name for name in vars(before) if getattr(before, name) != getattr(after, name)}
    assert changed == {fact}


def test_a_judge_is_told_apart_from_the_graders():
    before = facts()
    other_judge = {**JUDGE, "settings": {**JUDGE["settings"], "rubric": "stricter"}}
    after = facts(graders={"right": EXACT, "kind": other_judge})
    assert before.graders == after.graders
    assert before.judge != after.judge
    newer = facts(graders={"right": {**EXACT, "version": 2}, "kind": JUDGE})
    assert (newer.judge, newer.graders != before.graders) == (before.judge, True)


def test_no_judge_and_no_dataset_are_known_facts():
    found = facts(graders={"right": EXACT})
    assert found.dataset == NO_DATASET
    assert found.judge


def test_what_another_harness_did_not_record_stays_empty():
    found = facts_of(run({"format": "lm_eval"}))
    assert (found.judge, found.dataset, found.prompt, found.sampling, found.policies) == ("", "", "", "", {})
    assert (found.cases, found.graders, found.model) == ("c" * 64, "g" * 64, "support")


@pytest.mark.parametrize("odd", [{"target": "x", "graders": [], "policies": 3}, {"target": {"provider": "x"}}])
def test_settings_of_another_shape_are_not_facts(odd):
    assert facts_of(run(odd)).prompt == ""
