"""What two runs must share to be compared, as hashes."""

from __future__ import annotations

import hashlib

from preceptor.core.construct import Problems
from preceptor.core.ids import content_hash
from preceptor.evals.kept_suite import sorted_json
from preceptor.evals.types import RunIdentity, Suite
from preceptor.grading.build import build_graders
from preceptor.grading.grader import Grader, ModelGrader, graders
from preceptor.models.target import Target


def suite_graders(suite: Suite) -> dict[str, Grader | ModelGrader]:
    """The suite's graders, made anew; InputError with every mistake in their settings."""
    problems = Problems(f"suite {suite.name}")
    made = build_graders(suite.graders, problems, ("graders",))
    problems.raise_if_any()
    return made


def suite_hashes(suite: Suite) -> tuple[str, str]:
    """SHA-256 of the cases (their order does not count) with all that decides what is asked, and of the graders.

    With the cases go the passages, tools (with their functions' code), epochs and limits. The
    graders' hash covers name, version and all settings, those left at their default too.
    """
    cases = sorted(suite.cases, key=lambda case: case.id)
    made = suite_graders(suite)
    identities = {metric: graders.identify(grader) for metric, grader in made.items()}
    # Not `content_hash`: the same canonical JSON takes a hundred times longer on thousands of cases.
    asked = {
        "cases": cases,
        "passages": suite.passages,
        "tools": suite.tools,
        "epochs": suite.epochs,
        "limits": suite.limits,
    }
    return hashlib.sha256(sorted_json(asked)).hexdigest(), content_hash(identities)


def identity_of(suite: Suite, target: Target) -> RunIdentity:
    """What a run of this suite on this target is: change a case, a grader or the target, and it is another."""
    cases, graders_hash = suite_hashes(suite)
    return RunIdentity(cases=cases, graders=graders_hash, target=target.identity)
