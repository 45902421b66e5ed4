import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError
from preceptor.gates.criteria.coverage import Coverage
from preceptor.gates.criteria.non_inferiority import NonInferiority
from preceptor.gates.policy import load_policy
from preceptor.gates.types import JudgeRules

LEAST = """
criteria:
  - kind: non_inferiority
    margin: 0.02        # the largest loss that we accept, in the score's own units
    confidence: 0.95    # two-sided interval
"""


def load(text, source="gates/release.yaml"):
    return load_policy(parse_document(text, source))


def test_the_least_policy_is_one_criterion():
    policy = load(LEAST)
    assert [rule.criterion for rule in policy.criteria] == [NonInferiority(margin=0.02, confidence=0.95)]
    assert (policy.name, policy.may_differ, policy.sign_offs) == ("release", (), {})
    assert (policy.judges, policy.baseline_max_age_days, policy.max_waiver_days) == (JudgeRules(), None, 90)


def test_criteria_keep_their_order_and_settings():
    policy = load(
        "{name: strict, criteria: [{kind: coverage, minimum: 0.9}, {kind: non-inferiority, margin: 1, metric: m}]}"
    )
    assert policy.name == "strict"
    criteria = [rule.criterion for rule in policy.criteria]
    assert criteria == [Coverage(minimum=0.9), NonInferiority(margin=1.0, metric="m")]


def test_comments_and_layout_do_not_change_the_hash():
    assert load(LEAST).hash == load("criteria: [{confidence: 0.95, margin: 0.02, kind: non_inferiority}]").hash
    assert load(LEAST).hash != load(LEAST.replace("0.02", "0.03")).hash


def test_all_mistakes_are_named_at_once_with_their_lines():
    text = """criterions: 1
criteria:
  - kind: non_inferiority
    margn: 0.02
  - kind: non_inferority
    margin: 0.02
  - margin: 0.02
  - kind: threshold
    minimum: high
  - kind: non_inferiority
    margin: -0.02
  - kind: superiority
    confidence: 95
  - just text
"""
    with pytest.raises(InputError) as raised:
        load(text)
    lines = str(raised.value).splitlines()
    numbers = [int(line.split(":")[1]) for line in lines]
    assert numbers == [1, 3, 4, 5, 7, 9, 10, 12, 14]
    said = "\n".join(lines)
    assert "did you mean 'criteria'?" in said
    assert "did you mean 'margin'?" in said
    assert "no criterion named 'non_inferority'; there are: " in said
    assert "'kind' is missing" in said
    assert "margin is -0.02" in said
    assert "confidence is 95.0" in said


@pytest.mark.parametrize(
    "text", ["", "[]", "criteria: []", "criteria: {kind: coverage}", "name: x", "name: 3\ncriteria: x"]
)
def test_a_policy_without_criteria_is_refused(text):
    """A gate that asks for nothing would pass everything."""
    with pytest.raises(InputError, match="criteri"):
        load(text)


@pytest.mark.parametrize(
    "entry",
    [
        "{kind: non_inferiority, margin: 0}",
        "{kind: non_inferiority, margin: yes}",
        "{kind: non_inferiority, margin: 0.02, scale: [5, 1]}",
        "{kind: superiority, minimum_gain: -1}",
        "{kind: threshold, minimum: 0.5, confidence: 0.4}",
        "{kind: coverage, minimum: 98}",
        "{kind: coverage, minimum: 0}",
    ],
)
def test_settings_that_cannot_be_meant_are_refused(entry):
    with pytest.raises(InputError):
        load(f"criteria: [{entry}]")


FULL = """
name: full
criteria:
  - {kind: non_inferiority, margin: 0.02}
may_differ: [prompt, dataset]
judges: {min_labels: 80, max_age_days: 30, min_agreement: 0.6, correction: none}
sign_offs: {engineering: [ada, bob], product: []}
baseline_max_age_days: 14
max_waiver_days: 30
"""


def test_every_key_is_read():
    policy = load(FULL)
    assert policy.may_differ == ("prompt", "dataset")
    assert policy.judges == JudgeRules(min_labels=80, max_age_days=30, min_agreement=0.6, correction="none")
    assert policy.sign_offs == {"engineering": ("ada", "bob"), "product": ()}
    assert (policy.baseline_max_age_days, policy.max_waiver_days) == (14, 30)


def test_sign_offs_can_be_a_list_of_roles():
    policy = load(LEAST + "sign_offs: [engineering, product, trust_and_safety]")
    assert policy.sign_offs == {"engineering": (), "product": (), "trust_and_safety": ()}


def test_mistakes_of_all_keys_are_named_at_once_with_their_lines():
    text = """criteria:
  - {kind: coverage}
may_differ: [weather]
judges:
  min_labels: 1
sign_offs:
  - engineering
  - engineering
  - 3
baseline_max_age_days: 0
max_waiver_days: ninety
judge: {}
"""
    with pytest.raises(InputError) as raised:
        load(text)
    lines = str(raised.value).splitlines()
    assert [int(line.split(":")[1]) for line in lines] == [3, 4, 8, 9, 10, 11, 12]
    assert "did you mean 'judges'?" in lines[-1]


@pytest.mark.parametrize(
    "text",
    [
        "may_differ: prompt",
        "may_differ: [model]",
        "sign_offs: {engineering: ada}",
        "sign_offs: 3",
        "judges: [1]",
        "name: ''",
    ],
)
def test_values_of_the_wrong_kind_are_refused(text):
    with pytest.raises(InputError):
        load(f"{LEAST}{text}")


def test_a_rule_is_found_by_its_name():
    policy = load(LEAST)
    assert policy.rule("non_inferiority") is policy.criteria[0]
    assert policy.rule("other") is None
