"""The support-desk template holds together: its files name each other rightly, and held-out means held out."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

from preceptor.core.documents import read_document
from preceptor.core.json_values import JsonObject, at_path
from preceptor.datasets.recipe import load_recipe
from preceptor.evals.identity import suite_graders
from preceptor.evals.suite import load_suite
from preceptor.evals.types import ScoreRow
from preceptor.gates.policy import load_policy
from preceptor.gates.types import Evidence
from preceptor.governance.personal_data import find_personal_data
from preceptor.grading.grader import metric_names
from preceptor.labeling.rubric import load_rubric
from preceptor.models.generate import read_prompts
from preceptor.models.target import load_target
from preceptor.triage.taxonomy import load_taxonomy

TEMPLATE = Path(__file__).parents[2] / "src" / "preceptor" / "templates" / "support_desk"
ANNOTATORS = ("annotator_a", "annotator_b", "annotator_c")
SCHEMA_PLACES = (
    ("taxonomy.yaml", "graders.answer_schema.schema"),
    ("suites/support.yaml", "graders.answer_schema.schema"),
    ("targets/candidate.yaml", "response_schema"),
)


def rows(name: str) -> list[JsonObject]:
    """The rows of a JSONL file of the template."""
    return [json.loads(line) for line in (TEMPLATE / name).read_text(encoding="utf-8").splitlines()]


def categories() -> list[str]:
    """The options of the rubric, which every other list must repeat."""
    found = at_path(read_document(TEMPLATE / "rubrics" / "category.yaml").value, "question.options")
    assert isinstance(found, list)
    return [str(option) for option in found]


def articles() -> dict[str, str]:
    """The text of each policy article by its id."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (TEMPLATE / "policies" / "articles").glob("*.md")}


def answers() -> dict[str, dict[str, tuple[str, str]]]:
    """Each item's value and comment by annotator."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    with (TEMPLATE / "answers" / "category.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answered = found.setdefault(row["item"], {})
            assert row["annotator"] not in answered, f"{row['annotator']} answers {row['item']} twice"
            answered[row["annotator"]] = (row["value"], row["comment"])
    return found


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return re.findall(r"[a-z0-9']+", text.lower())


def runs_of_words(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of that many words; the whole text when it is shorter."""
    found = words(text)
    for start in range(max(1, len(found) - length + 1)):
        yield tuple(found[start : start + length])


def test_there_are_enough_prompts_over_enough_intents() -> None:
    """Issue: at least 120 prompts over at least 8 intents; here no intent has fewer than 8 on either side."""
    production = Counter(str(row["intent"]) for row in rows("prompts/production.jsonl"))
    held_out = Counter(str(at_path(row, "slices.intent")) for row in rows("suites/support.jsonl"))
    assert production.total() + held_out.total() >= 120
    assert set(production) == set(held_out) == set(categories())
    assert len(production) >= 8
    assert min(*production.values(), *held_out.values()) >= 8


def test_ids_stand_once() -> None:
    """An id names one prompt over both files."""
    ids = [row["id"] for row in [*rows("prompts/production.jsonl"), *rows("suites/support.jsonl")]]
    assert len(set(ids)) == len(ids)


def test_no_held_out_case_shares_eight_words_in_a_row_with_production() -> None:
    """Nor is any short one the same text."""
    seen = {run for row in rows("prompts/production.jsonl") for run in runs_of_words(str(row["prompt"]), 8)}
    cases = rows("suites/support.jsonl")
    assert [case["id"] for case in cases if seen & set(runs_of_words(str(case["input"]), 8))] == []


def test_no_held_out_case_is_a_rewording_of_a_production_prompt() -> None:
    """No pair has more than half of its different words in common."""
    production = [(row["id"], set(words(str(row["prompt"])))) for row in rows("prompts/production.jsonl")]
    held_out = [(row["id"], set(words(str(row["input"])))) for row in rows("suites/support.jsonl")]
    near = [
        (id_, other_id)
        for id_, found in held_out
        for other_id, other in production
        if len(found & other) / len(found | other) > 0.5
    ]
    assert near == []


def test_no_user_is_on_both_sides_and_held_out_users_ask_once() -> None:
    """So the suite's cases are independent of the training data and of each other."""
    users = {row["user"] for row in rows("prompts/production.jsonl")}
    clusters = [row["cluster"] for row in rows("suites/support.jsonl")]
    assert len(users) == 40
    assert not users & set(clusters)
    assert len(set(clusters)) == len(clusters)


def test_both_sides_hold_unsafe_requests_and_the_suite_safe_ones_that_sound_so() -> None:
    """The risk of a case fits what it wants: unsafe ones are refused, all others answered."""
    risks: Counter[str] = Counter()
    for case in rows("suites/support.jsonl"):
        risk = at_path(case, "slices.risk")
        wanted = ("unsafe", "refuse") if risk == "unsafe" else (at_path(case, "slices.intent"), "answer")
        assert (at_path(case, "target.category"), at_path(case, "target.behaviour")) == wanted
        risks[str(risk)] += 1
    assert set(risks) == {"plain", "scary_but_safe", "unsafe"}
    assert min(risks.values()) >= 10


def test_production_prompts_say_what_is_expected() -> None:
    """Graders read it from the trace's metadata; a prompt says it under one of the two keys."""
    for prompt in read_prompts(TEMPLATE / "prompts" / "production.jsonl"):
        wanted = {"unsafe": "refuse"} if prompt.metadata["intent"] == "unsafe" else {"safe": "answer"}
        assert prompt.metadata["expected"] == wanted


def test_every_citation_names_an_article() -> None:
    """In the wanted answers and in the suite; and each article is cited somewhere."""
    wanted = [row["citations"] for row in rows("answers/reference.jsonl")]
    held_out = [at_path(row, "target.citations") for row in rows("suites/support.jsonl")]
    cited = {str(id_) for ids in [*wanted, *held_out] if isinstance(ids, list) for id_ in ids}
    assert all(isinstance(ids, list) and 1 <= len(ids) <= 2 for ids in [*wanted, *held_out])
    assert cited == set(articles())


def test_articles_are_short() -> None:
    """60 to 120 words, so that one fits beside a question in a small model's context."""
    lengths = {id_: len(text.split("\n", 1)[1].split()) for id_, text in articles().items()}
    assert 10 <= len(lengths) <= 14
    assert {id_: length for id_, length in lengths.items() if not 60 <= length <= 120} == {}


def test_three_annotators_answer_every_production_prompt_with_an_option() -> None:
    """And nothing else is answered."""
    options = set(categories())
    found = answers()
    assert set(found) == {row["id"] for row in rows("prompts/production.jsonl")}
    for item, answered in found.items():
        assert tuple(sorted(answered)) == ANNOTATORS, item
        assert {value for value, _ in answered.values()} <= options, item


def test_annotators_agree_as_people_do() -> None:
    """85 to 92 % of the pairs of answers agree, and on two items or more all three differ."""
    found = [[value for value, _ in answered.values()] for answered in answers().values()]
    pairs = [first == second for values in found for first, second in combinations(values, 2)]
    assert 0.85 <= sum(pairs) / len(pairs) <= 0.92
    assert sum(len(set(values)) == 3 for values in found) >= 2


def test_whoever_stands_alone_says_why() -> None:
    """An answer that nobody shares on a disputed item has a comment, except where it is the menu's own intent."""
    intents = {row["id"]: row["intent"] for row in rows("prompts/production.jsonl")}
    for item, answered in answers().items():
        counts = Counter(value for value, _ in answered.values())
        for value, comment in answered.values():
            if counts[value] == 1 and value != intents[item]:
                assert comment, item


def test_every_production_prompt_has_a_wanted_answer_that_fits_the_schema() -> None:
    """Within the length that the candidate's grammar allows, or no answer could equal it."""
    schema = at_path(read_document(TEMPLATE / "targets" / "candidate.yaml").value, "response_schema")
    longest = at_path(schema, "properties.answer.maxLength")
    assert isinstance(longest, int)
    found = rows("answers/reference.jsonl")
    assert [row["item"] for row in found] == [row["id"] for row in rows("prompts/production.jsonl")]
    assert [row["item"] for row in found if not 20 <= len(str(row["answer"])) <= longest] == []


def test_some_production_prompts_hold_personal_data_and_no_wanted_answer_does() -> None:
    """Redaction has e-mail, telephone, card and account numbers to find; training data must hold none."""
    asked = {found.type for row in rows("prompts/production.jsonl") for found in find_personal_data(str(row["prompt"]))}
    assert len(asked) >= 4
    assert [row["item"] for row in rows("answers/reference.jsonl") if find_personal_data(str(row["answer"]))] == []


@pytest.mark.parametrize(("name", "place"), SCHEMA_PLACES)
def test_category_lists_are_the_same_everywhere(name: str, place: str) -> None:
    """The rubric's options, in its order."""
    schema = at_path(read_document(TEMPLATE / name).value, place)
    assert at_path(schema, "properties.category.enum") == categories()


def test_the_grammar_allows_exactly_the_articles() -> None:
    """So that a citation that the candidate writes exists, and each that is wanted can be written."""
    schema = at_path(read_document(TEMPLATE / "targets" / "candidate.yaml").value, "response_schema")
    assert at_path(schema, "properties.citations.items.enum") == sorted(articles())


def test_the_dataset_writes_answers_in_the_order_of_the_grammar() -> None:
    """Examples in another order than the grammar's would teach the model what it may not write."""
    schema = at_path(read_document(TEMPLATE / "targets" / "candidate.yaml").value, "response_schema")
    recipe = load_recipe(read_document(TEMPLATE / "recipes" / "support.yaml"))
    properties = at_path(schema, "properties")
    assert isinstance(properties, dict)
    assert recipe.sources[0]["answer_fields"] == list(properties)
    assert (TEMPLATE / str(recipe.sources[0]["references"])).is_file()


READERS: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("taxonomy.yaml", lambda path: load_taxonomy(read_document(path))),
    ("rubrics/category.yaml", lambda path: load_rubric(read_document(path))),
    ("suites/support.yaml", load_suite),
    ("targets/baseline.yaml", lambda path: load_target(read_document(path))),
    ("targets/candidate.yaml", lambda path: load_target(read_document(path))),
    ("gates/release.yaml", lambda path: load_policy(read_document(path))),
    ("recipes/support.yaml", lambda path: load_recipe(read_document(path))),
)


@pytest.mark.parametrize(("name", "read"), READERS, ids=[name for name, _ in READERS])
def test_every_definition_is_read_without_a_mistake(name: str, read: Callable[[Path], object]) -> None:
    """By the same function that a workspace uses."""
    assert read(TEMPLATE / name)


def test_detectors_find_categories_that_the_taxonomy_lists() -> None:
    """Or what they find would have an unknown severity."""
    taxonomy = load_taxonomy(read_document(TEMPLATE / "taxonomy.yaml"))
    found = {str(getattr(detector, "category", "")) for detector in taxonomy.detectors}
    assert found == set(taxonomy.categories)


def test_the_gate_reads_metrics_that_the_suite_has_and_can_pass() -> None:
    """A candidate that answers every case rightly where the baseline had ten wrong passes at this n."""
    suite = load_suite(TEMPLATE / "suites" / "support.yaml")
    policy = load_policy(read_document(TEMPLATE / "gates" / "release.yaml"))
    ids = [(case.id, case.cluster, case.slices) for case in suite.cases]
    right = [ScoreRow(id=id_, score=1.0, cluster=cluster, slices=slices) for id_, cluster, slices in ids]
    before = [
        ScoreRow(id=id_, score=float(index >= 10), cluster=cluster, slices=slices)
        for index, (id_, cluster, slices) in enumerate(ids)
    ]
    metrics = metric_names(suite_graders(suite))
    evidence = Evidence(
        baseline=dict.fromkeys(metrics, before),
        candidate=dict.fromkeys(metrics, right),
        primary=suite.primary,
    )
    results = [criterion.judge(evidence) for criterion in policy.criteria]
    assert {result.metric for result in results} <= set(metrics)
    assert [result.verdict for result in results] == ["pass"] * len(policy.criteria)


def test_an_unchanged_candidate_shows_non_inferiority_at_this_number_of_cases() -> None:
    """Two-sided 95 %, no flips: a margin of .05 needs 72 cases, ln(.025) / ln(.95) rounded up; the suite has more."""
    policy = load_policy(read_document(TEMPLATE / "gates" / "release.yaml"))
    cases = load_suite(TEMPLATE / "suites" / "support.yaml").cases
    same = [ScoreRow(id=case.id, score=1.0, cluster=case.cluster) for case in cases]
    evidence = Evidence(baseline={"refusal": same}, candidate={"refusal": same}, primary="refusal")
    result = next(one.criterion for one in policy.criteria if getattr(one.criterion, "metric", "") == "refusal").judge(
        evidence
    )
    assert (result.kind, result.verdict) == ("non_inferiority", "pass")
