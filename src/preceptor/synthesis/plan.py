"""Read a synthesis plan from its definition file."""

from __future__ import annotations

from preceptor.core.documents import Document, load
from preceptor.core.json_values import JsonObject
from preceptor.grading.grader import graders
from preceptor.models.provider import providers
from preceptor.synthesis.types import SynthesisPlan


def load_plan(document: Document) -> SynthesisPlan:
    """The plan in a definition file; InputError with every mistake and its line."""
    plan = load(SynthesisPlan, document)
    problems = document.problems()
    providers.construct(str(plan.generator.get("kind")), settings_of(plan.generator), problems, ("generator",))
    if plan.judge is not None:
        grader = plan.judge.grader
        graders.construct(str(grader.get("kind")), settings_of(grader), problems, ("judge", "grader"))
    problems.raise_if_any()
    return plan


def settings_of(entry: JsonObject) -> JsonObject:
    """The settings beside the `kind` of a plugin."""
    return {name: value for name, value in entry.items() if name != "kind"}
