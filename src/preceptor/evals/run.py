"""Run a suite on a target: ask, grade, keep each sample before it counts."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, ProviderError, StorageError
from preceptor.core.storable_text import storable
from preceptor.evals.identity import identity_of, suite_graders
from preceptor.evals.journal import Journal
from preceptor.evals.types import EvalCase, EvalRun, RunOutcome, SampleResult, Suite
from preceptor.grading.grade import grade_all
from preceptor.grading.grader import Grader, ModelGrader
from preceptor.grading.types import Sample
from preceptor.models.failures import ModelFailure
from preceptor.models.provider import ChatModel
from preceptor.models.target import Target, request_for

OnDone = Callable[[SampleResult], None]
"""Told of each sample once it is on disk."""


@dataclass(frozen=True, kw_only=True)
class EvalPlan:
    """What to run: the suite, the target and the open model behind it.

    `judges` holds the open model of each metric whose grader asks one. At most `concurrency`
    samples are under way at once, a sample's judges included.
    """

    suite: Suite
    target: Target
    model: ChatModel
    judges: Mapping[str, ChatModel] = field(default_factory=dict)
    concurrency: int = 8


@dataclass(kw_only=True)
class _Work:
    """What the workers of one run share."""

    plan: EvalPlan
    graders: Mapping[str, Grader | ModelGrader]
    journal: Journal
    on_done: OnDone
    waiting: Iterator[EvalCase]
    results: dict[str, SampleResult]
    num_asked: int = 0
    stopped: str = ""


async def run_suite(plan: EvalPlan, journal: Journal, on_done: OnDone = lambda _: None) -> RunOutcome:
    """One result a case; those that the journal has are not asked again.

    `model_error`: the model was reached and failed this request (refused by a filter, too
    long): final, without a score. `infra_error`: it was not reached; asked again when the run
    is resumed. `grader_error`: there is an answer, but a grader failed on it; graded again on
    resuming, without asking the model. `skipped`: not asked, because a spend limit
    (NotAllowedError) stopped the run; what was under way is finished and kept.

    Raises ConflictError when the journal's run is of other cases, graders or target, and
    StorageError when the disk refuses. Cancelled, it leaves all finished samples on disk.
    """
    if plan.concurrency < 1:
        raise InputError(f"concurrency is {plan.concurrency}; give 1 or more")
    _check_identity(journal.run, plan)
    kept = await journal.read()
    work = _Work(
        plan=plan,
        graders=suite_graders(plan.suite),
        journal=journal,
        on_done=on_done,
        waiting=(case for case in plan.suite.cases if _is_open(kept.get(case.id))),
        results=dict(kept),
    )
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(plan.concurrency, len(plan.suite.cases))):
                group.create_task(_do_cases(work))
    except ExceptionGroup as failures:
        # The first failure stopped the others; it is the one that the user can answer.
        raise failures.exceptions[0] from failures
    return _outcome(work, num_kept=sum(not _is_open(result) for result in kept.values()))


async def _do_cases(work: _Work) -> None:
    for case in work.waiting:
        if work.stopped:
            return
        try:
            result = await _attempt(work, case)
        except NotAllowedError as error:
            work.stopped = str(error)
            return
        await work.journal.add(result)
        work.results[case.id] = result
        work.num_asked += 1
        work.on_done(result)


async def _attempt(work: _Work, case: EvalCase) -> SampleResult:
    before = work.results.get(case.id)
    if before is not None and before.status == "grader_error":
        return await _graded(work, case, before)
    try:
        completion = await work.plan.model.complete(request_for(work.plan.target, case.messages))
    except ModelFailure as error:
        return SampleResult(case_id=case.id, status="model_error", output=None, error=storable(str(error)))
    except StorageError:
        raise  # our own disk, not the provider's failure
    except ProviderError as error:
        return SampleResult(case_id=case.id, status="infra_error", output=None, error=storable(str(error)))
    answered = SampleResult(
        case_id=case.id,
        status="ok",
        output=storable(completion.text),
        usage=completion.usage,
        latency_seconds=completion.latency_seconds,
    )
    return await _graded(work, case, answered)


async def _graded(work: _Work, case: EvalCase, answered: SampleResult) -> SampleResult:
    sample = Sample(
        output=answered.output or "",
        messages=case.messages,
        target=case.target,
        passages=work.plan.suite.passages,
        metadata=case.metadata,
    )
    scores = await grade_all(sample, work.graders, work.plan.judges)
    failed = any(score.status == "grader_error" for score in scores)
    return dataclasses.replace(answered, scores=scores, status="grader_error" if failed else "ok")


def _is_open(result: SampleResult | None) -> bool:
    return result is None or result.status in {"infra_error", "grader_error"}


def _outcome(work: _Work, num_kept: int) -> RunOutcome:
    reason = f"not asked: {work.stopped}"
    results = tuple(
        work.results.get(case.id) or SampleResult(case_id=case.id, status="skipped", output=None, error=reason)
        for case in work.plan.suite.cases
    )
    return RunOutcome(results=results, num_asked=work.num_asked, num_kept=num_kept, stopped=work.stopped)


def _check_identity(run: EvalRun, plan: EvalPlan) -> None:
    now = identity_of(plan.suite, plan.target)
    changed = [name for name in ("cases", "graders", "target") if getattr(now, name) != getattr(run.identity, name)]
    if changed:
        raise ConflictError(
            f"the run {run.id!r} was begun with other {' and '.join(changed)}; "
            "put the files back to go on with it, or start a new run"
        )
