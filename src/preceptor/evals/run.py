"""Run a suite on a target: ask, grade, keep each sample before it counts."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, ProviderError, StorageError
from preceptor.core.storable_text import storable
from preceptor.evals.converse import Setting, converse
from preceptor.evals.identity import identity_of, suite_graders
from preceptor.evals.journal import Journal, SampleKey
from preceptor.evals.tool_functions import ToolFunction, require_functions
from preceptor.evals.tools import tool_kit
from preceptor.evals.types import AttemptStatus, EvalCase, EvalRun, RunIdentity, RunOutcome, SampleResult, Suite
from preceptor.grading.grade import Prepared, grade_prepared, prepare
from preceptor.grading.types import Sample
from preceptor.models.failures import ModelFailure
from preceptor.models.provider import ChatModel
from preceptor.models.target import Target

OnDone = Callable[[SampleResult], None]
"""Told of each sample once it is on disk."""


@dataclass(frozen=True, kw_only=True)
class EvalPlan:
    """What to run: the suite, the target and the open model behind it.

    `judges` holds the open model of each metric whose grader asks one; `functions` the Python
    functions of the suite's tools. At most `concurrency` samples are under way at once, a sample's
    judges included; the model's own pace decides how many of them really ask.
    """

    suite: Suite
    target: Target
    model: ChatModel
    judges: Mapping[str, ChatModel] = field(default_factory=dict)
    functions: Mapping[str, ToolFunction] = field(default_factory=dict)
    concurrency: int = 8

    @cached_property
    def identity(self) -> RunIdentity:
        """What a run by this plan is."""
        return identity_of(self.suite, self.target)


@dataclass(kw_only=True)
class _Work:
    """What the workers of one run share."""

    plan: EvalPlan
    setting: Setting
    prepared: Prepared
    journal: Journal
    on_done: OnDone
    waiting: Iterator[tuple[EvalCase, int]]
    results: dict[SampleKey, SampleResult]
    num_asked: int = 0
    stopped: str = ""


async def run_suite(plan: EvalPlan, journal: Journal, on_done: OnDone = lambda _: None) -> RunOutcome:
    """One result a case and epoch; those that the journal has are not asked again.

    `model_error`: the model was reached and failed this request (refused by a filter, too
    long): final, without a score. `infra_error`: it was not reached; asked again when the run
    is resumed. `grader_error`: there is an answer, but a grader failed on it; graded again on
    resuming, without asking the model. `skipped`: not asked, because a budget (NotAllowedError)
    stopped the run; what was under way is finished and kept.

    Raises ConflictError when the journal's run is of other cases, graders or target, InputError
    for tools whose functions were not loaded, and StorageError when the disk refuses. Cancelled, it
    leaves all finished samples on disk.
    """
    if plan.concurrency < 1:
        raise InputError(f"concurrency is {plan.concurrency}; give 1 or more")
    _check_identity(journal.run, plan)
    require_functions(plan.suite, plan.functions)
    kept = await journal.read()
    kit = tool_kit(plan.suite, plan.functions)
    work = _Work(
        plan=plan,
        setting=Setting(model=plan.model, target=plan.target, kit=kit, limits=plan.suite.limits),
        prepared=prepare(suite_graders(plan.suite)),
        journal=journal,
        on_done=on_done,
        waiting=(key for key in _samples_of(plan.suite) if _is_open(kept.get((key[0].id, key[1])))),
        results=dict(kept),
    )
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(plan.concurrency, len(plan.suite.cases) * plan.suite.epochs)):
                group.create_task(_do_samples(work))
    except ExceptionGroup as failures:
        # The first failure stopped the others; it is the one that the user can answer.
        raise failures.exceptions[0] from failures
    return _outcome(work, num_kept=sum(not _is_open(result) for result in kept.values()))


async def _do_samples(work: _Work) -> None:
    for case, epoch in work.waiting:
        if work.stopped:
            return
        try:
            result = await _attempt(work, case, epoch)
        except NotAllowedError as error:
            work.stopped = str(error)
            return
        await work.journal.add(result)
        work.results[case.id, epoch] = result
        work.num_asked += 1
        work.on_done(result)


async def _attempt(work: _Work, case: EvalCase, epoch: int) -> SampleResult:
    before = work.results.get((case.id, epoch))
    if before is not None and before.status == "grader_error":
        return await _graded(work, case, before)
    try:
        said = await converse(work.setting, case, epoch)
    except ModelFailure as error:
        return _failed(case, epoch, "model_error", error)
    except StorageError:
        raise  # our own disk, not the provider's failure
    except ProviderError as error:
        return _failed(case, epoch, "infra_error", error)
    answered = SampleResult(
        case_id=case.id,
        epoch=epoch,
        status="ok",
        output=said.output,
        usage=said.usage,
        latency_seconds=said.latency_seconds,
        # One plain answer is the output itself; it is not kept twice.
        transcript=said.turns if len(said.turns) > 1 or said.turns[0].tool_calls else (),
        num_steps=said.num_steps,
        stop_reason=said.stop_reason,
        is_cached=said.is_cached,
    )
    return await _graded(work, case, answered)


async def _graded(work: _Work, case: EvalCase, answered: SampleResult) -> SampleResult:
    sample = sample_to_grade(work.plan.suite, case, answered)
    scores = await grade_prepared(sample, work.prepared, work.plan.judges)
    failed = any(score.status == "grader_error" for score in scores)
    return dataclasses.replace(answered, scores=scores, status="grader_error" if failed else "ok")


def sample_to_grade(suite: Suite, case: EvalCase, answered: SampleResult) -> Sample:
    """What graders see of an answer to a case."""
    return Sample(
        output=answered.output or "",
        messages=case.messages,
        target=case.target,
        passages=suite.passages,
        metadata=case.metadata,
        transcript=answered.transcript,
        tools=tuple(tool.tool for tool in suite.tools),
        rubric=case.rubric,
    )


def _failed(case: EvalCase, epoch: int, status: AttemptStatus, error: ProviderError) -> SampleResult:
    return SampleResult(case_id=case.id, epoch=epoch, status=status, output=None, error=storable(str(error)))


def _samples_of(suite: Suite) -> Iterator[tuple[EvalCase, int]]:
    """Every case in every epoch, the epochs of a case one after another."""
    return ((case, epoch) for case in suite.cases for epoch in range(1, suite.epochs + 1))


def _is_open(result: SampleResult | None) -> bool:
    return result is None or result.status == "grader_error" or result.is_worth_another_try


def _outcome(work: _Work, num_kept: int) -> RunOutcome:
    reason = f"not asked: {work.stopped}"
    results = tuple(
        work.results.get((case.id, epoch))
        or SampleResult(case_id=case.id, epoch=epoch, status="skipped", output=None, error=reason)
        for case, epoch in _samples_of(work.plan.suite)
    )
    return RunOutcome(results=results, num_asked=work.num_asked, num_kept=num_kept, stopped=work.stopped)


def _check_identity(run: EvalRun, plan: EvalPlan) -> None:
    now = plan.identity
    changed = [name for name in ("cases", "graders", "target") if getattr(now, name) != getattr(run.identity, name)]
    if changed:
        raise ConflictError(
            f"the run {run.id!r} was begun with other {' and '.join(changed)}; "
            "put the files back to go on with it, or start a new run"
        )
