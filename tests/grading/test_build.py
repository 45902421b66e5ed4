"""Graders from the entries of a definition file."""

from __future__ import annotations

from preceptor.core.construct import Problems
from preceptor.core.documents import parse_document
from preceptor.grading.build import build_graders
from preceptor.grading.graders.contains import Contains
from preceptor.grading.graders.regex import Regex
from preceptor.grading.judges import judge_settings


def test_kind_and_settings_make_a_grader():
    made = build_graders(
        {"a": {"kind": "contains", "values": ["x"]}, "b": {"kind": "regex", "pattern": "y"}}, Problems("")
    )
    assert made == {"a": Contains(values=("x",)), "b": Regex(pattern="y")}


def test_all_mistakes_are_named_with_their_lines():
    document = parse_document(
        "graders:\n"
        "  shape: {kind: json_shema}\n"
        "  cited: {kind: citation_known, minimun: 1}\n"
        "  word: {values: [a]}\n"
        "  code:\n"
        "    kind: regex\n"
        "    pattern: '('\n"
        "  '2 words': {kind: contains}\n"
        "  many: {kind: regex, pattern: a, max_characters: many}\n",
        "taxonomy.yaml",
    )
    problems = document.problems()
    assert isinstance(document.value, dict)
    made = build_graders(document.value["graders"], problems, ("graders",))
    assert made == {}
    said = "\n".join(problems.texts())
    for part in (
        "taxonomy.yaml:2: graders.shape: no grader named 'json_shema'",
        "taxonomy.yaml:3: graders.cited.minimun: unknown key 'minimun'; did you mean 'minimum'?",
        "taxonomy.yaml:4: graders.word: 'kind' is missing",
        "taxonomy.yaml:5: graders.code: pattern '(' is not a regular expression",
        "taxonomy.yaml:8: graders.2 words: metric '2 words'",
        "taxonomy.yaml:9: graders.many.max_characters:",
    ):
        assert part in said


def test_settings_of_the_judges_are_found():
    judge = {"kind": "openai", "model": "m"}
    entries = {
        "word": {"kind": "contains"},
        "polite": {"kind": "llm_judge", "instructions": "Polite?", "provider": judge},
    }
    assert judge_settings(build_graders(entries, Problems(""))) == {"polite": judge}
