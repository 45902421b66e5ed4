"""Refuse to compare runs that did not answer the same cases under the same graders."""

from __future__ import annotations

from preceptor.core.errors import ConflictError
from preceptor.evals.types import EvalRun


def require_comparable(baseline: EvalRun, candidate: EvalRun) -> None:
    """Nothing when the two runs can be compared; ConflictError that names all that differs.

    The targets may differ: that is what a comparison is for. Runs made with other cases or
    other graders differ for reasons that are not the target's.
    """
    differing = [
        f"{what} ({ours[:12]!r} and {theirs[:12]!r})"
        for what, ours, theirs in (
            ("cases", baseline.identity.cases, candidate.identity.cases),
            ("graders", baseline.identity.graders, candidate.identity.graders),
        )
        if not ours or ours != theirs
    ]
    if differing:
        raise ConflictError(
            f"runs {baseline.id!r} and {candidate.id!r} used different {' and '.join(differing)}; "
            "run one of them again on the other's suite"
        )
    unfinished = [run.id for run in (baseline, candidate) if run.finished_at is None]
    if unfinished:
        names = " and ".join(repr(name) for name in unfinished)
        raise ConflictError(f"{names} is not finished; resume the run, then compare")
