"""Begin a run, or find the one that was begun and not finished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from preceptor.core.ids import new_id, plain_object
from preceptor.core.json_values import JsonObject
from preceptor.evals.identity import identity_of, suite_graders
from preceptor.evals.store import RunStore
from preceptor.evals.types import EvalRun, RunIdentity, Suite
from preceptor.grading.grader import graders
from preceptor.models.target import Target


def open_run(
    runs: RunStore,
    suite: Suite,
    target: Target,
    *,
    now: datetime,
    identity: RunIdentity | None = None,
    suite_blob: str = "",
    policies: Mapping[str, str] | None = None,
) -> EvalRun:
    """The unfinished run of these cases, graders and target, to go on with; otherwise a new one, kept now.

    The run's settings hold the target, the graders, the epochs and the suite's purpose as they
    are, so that what was run can be read when their files have long changed; `suite_blob` is the
    hash under which the suite is kept.
    `policies` are the hashes of the gate policies as they stand now, by name: so a policy is sealed
    before the first score is seen.
    """
    identity = identity or identity_of(suite, target)
    unfinished = runs.find_unfinished(identity)
    if unfinished is not None:
        return unfinished
    made = suite_graders(suite)
    used: JsonObject = {metric: plain_object(graders.identify(grader)) for metric, grader in made.items()}
    run = EvalRun(
        id=new_id("run", now),
        suite=suite.name,
        target=target.name,
        identity=identity,
        primary=suite.primary,
        num_cases=len(suite.cases),
        started_at=now,
        settings={
            "graders": used,
            "target": plain_object(target),
            "suite": suite_blob,
            "epochs": suite.epochs,
            "purpose": suite.purpose,
            "policies": dict(policies or {}),
        },
    )
    runs.add(run)
    return run
