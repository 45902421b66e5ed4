import pytest

from preceptor.core.construct import Problems
from preceptor.core.errors import InputError
from preceptor.gates.rule import rules_of
from preceptor.gates.types import Evidence


def rules(*entries):
    problems = Problems("gate.yaml")
    made = rules_of({"criteria": list(entries)}, problems)
    problems.raise_if_any()
    return made


def test_rules_are_named_after_their_kind_and_counted():
    made = rules({"kind": "coverage"}, {"kind": "coverage"}, {"kind": "must_pass"}, {"kind": "coverage"})
    assert [rule.name for rule in made] == ["coverage", "coverage_2", "must_pass", "coverage_3"]


def test_a_counted_name_never_takes_one_that_is_written():
    made = rules({"kind": "coverage"}, {"kind": "must_pass", "name": "coverage_2"}, {"kind": "coverage"})
    assert [rule.name for rule in made] == ["coverage", "coverage_2", "coverage_3"]


def test_a_kind_that_is_written_as_a_name_elsewhere_is_counted_on():
    made = rules({"kind": "coverage"}, {"kind": "must_pass", "name": "coverage"})
    assert [rule.name for rule in made] == ["coverage_2", "coverage"]


def test_tier_and_waivable_are_the_rules_own_and_default_to_the_strict_side():
    first, second = rules({"kind": "coverage"}, {"kind": "coverage", "tier": "advisory", "waivable": False})
    assert (first.tier, first.waivable) == ("critical", True)
    assert (second.tier, second.waivable) == ("advisory", False)


def test_a_result_carries_the_rules_name_and_tier():
    _, rule = rules({"kind": "coverage"}, {"kind": "coverage", "name": "all answered", "tier": "supporting"})
    result = rule.judge(Evidence(baseline={}, candidate={}, primary="m"))
    assert (result.kind, result.name, result.tier) == ("coverage", "all answered", "supporting")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"kind": "coverage", "name": "x"}, {"kind": "must_pass", "name": "x"}], "'x' stands twice"),
        ([{"kind": "coverage", "tier": "supporting"}], "no criterion is critical"),
        ([{"kind": "coverage", "tier": "vital"}], "criteria\\[0\\].tier"),
        ([{"kind": "coverage", "waivable": "no"}], "criteria\\[0\\].waivable"),
        ([{"kind": "coverage", "name": "x" * 101}], "at most 100 characters"),
        ([{"kind": "coverage", "name": " x"}], "no space around"),
        ([{"name": "x"}], "'kind' is missing"),
    ],
)
def test_what_cannot_be_meant_is_refused(entries, said):
    with pytest.raises(InputError, match=said):
        rules(*entries)


def test_the_rules_and_the_criterions_mistakes_are_named_together():
    with pytest.raises(InputError) as raised:
        rules({"kind": "coverage", "tier": "vital", "minimum": 98}, {"kind": "coverage", "waivable": 3})
    assert len(str(raised.value).splitlines()) == 3
