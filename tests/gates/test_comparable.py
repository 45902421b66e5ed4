from dataclasses import replace

import pytest

from preceptor.core.errors import ConflictError
from preceptor.gates.comparable import FACTS, require_same
from preceptor.gates.types import RunFacts

RUN = RunFacts(
    run_id="run_1",
    cases="c" * 64,
    graders="g" * 64,
    judge="j" * 64,
    dataset="repair",
    prompt="p" * 64,
    sampling="s" * 64,
    model="small",
)


def test_the_same_facts_need_no_remark():
    assert require_same(RUN, replace(RUN, run_id="run_2")) == ()


def test_the_model_may_always_differ():
    assert require_same(RUN, replace(RUN, model="large")) == ()


@pytest.mark.parametrize("fact", FACTS)
def test_each_fact_must_be_the_same_unless_the_policy_allows_it(fact):
    other = replace(RUN, run_id="run_2", **{fact: "x" * 64})
    with pytest.raises(ConflictError, match=rf"'run_1' and 'run_2' differ in {fact}.*may_differ: \[{fact}\]"):
        require_same(RUN, other)
    assert require_same(RUN, other, [fact]) == (f"the runs differ in {fact}, as the policy allows",)


def test_all_that_differs_is_named_at_once_with_the_line_that_would_allow_it():
    other = replace(RUN, prompt="x", sampling="x", judge="x")
    with pytest.raises(ConflictError, match=r"judge \('jjjjjjjjjjjj' and 'x'\), prompt .*, sampling") as raised:
        require_same(RUN, other, ["dataset"])
    assert "may_differ: [dataset, judge, prompt, sampling]" in str(raised.value)


def test_allowing_one_difference_allows_no_other():
    with pytest.raises(ConflictError, match="differ in sampling"):
        require_same(RUN, replace(RUN, prompt="x", sampling="x"), ["prompt"])


def test_what_a_side_does_not_know_is_remarked_on_and_not_refused():
    (note,) = require_same(RUN, replace(RUN, prompt="", judge=""))
    assert note == "not known of both runs, so not checked to be the same: judge, prompt"
