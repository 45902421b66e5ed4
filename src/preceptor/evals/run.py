"""Run a suite on a target: ask, grade, keep each sample before it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, ProviderError, StorageError
from preceptor.core.storable_text import storable
from preceptor.evals.converse import Conversation, Setting, converse
from preceptor.evals.grade_sample import grade_sample, sample_to_grade
from preceptor.evals.identity import identity_of, suite_graders
from preceptor.evals.journal import Journal, SampleKey
from preceptor.evals.tool_code import ToolFunction, require_functions
from preceptor.evals.tools import tool_kit
from preceptor.evals.types import EvalCase, EvalRun, RunIdentity, RunOutcome, SampleResult, Suite
from preceptor.grading.grade import Prepared, prepare
from preceptor.models.failures import ModelFailure
from preceptor.models.provider import ChatModel
from preceptor.models.target import Target

OnDone = Callable[[SampleResult], None]
"""Told of each sample once it is on disk."""


@dataclass(frozen=True, kw_only=True)
class EvalPlan:
    """What to run: the suite, the target and the open model behind it.

    `judges` holds the open model of each metric whose grader asks one, `functions` the Python
    functions of the suite's tools, loaded where the user allowed it. At most `concurrency`
    samples are under way at once, a sample's judges included; they work on different samples at
    the same time. How many requests a provider gets at once is its client's to adapt. `identity`
    is worked out where it is not known yet.
    """

    suite: Suite
    target: Target
    model: ChatModel
    judges: Mapping[str, ChatModel] = field(default_factory=dict)
    functions: Mapping[str, ToolFunction] = field(default_factory=dict)
    concurrency: int = 8
    identity: RunIdentity | None = None


@dataclass(kw_only=True)
class _Work:
    """What the workers of one run share."""

    plan: EvalPlan
    setting: Setting
    graders: Prepared
    journal: Journal
    on_done: OnDone
    waiting: Iterator[tuple[EvalCase, int]]
    results: dict[SampleKey, SampleResult]
    num_asked: int = 0
    stopped: str = ""

    def on_kept(self, result: SampleResult) -> None:
        self.results[(result.case_id, result.epoch)] = result
        self.num_asked += 1
        self.on_done(result)


async def run_suite(plan: EvalPlan, journal: Journal, on_done: OnDone = lambda _: None) -> RunOutcome:
    """One result a case and epoch; those that the journal has are not asked again.

    `model_error`: the model was reached and failed this request (refused by a filter, too
    long): final, without a score. `infra_error`: it was not reached; asked again when the run
    is resumed. `grader_error`: there is an answer, but a grader failed on it; graded again on
    resuming, without asking the model and without asking the judges that did score it. `skipped`:
    not asked, because a spend limit (NotAllowedError) stopped the run; what was under way is
    finished and kept. A conversation that the limit cuts in two is skipped; an answer that it
    leaves without its judge is kept, to be judged on resuming.

    Raises ConflictError when the journal's run is of other cases, graders or target,
    NotAllowedError when the suite's tools need code that was not allowed, and StorageError when
    the disk refuses. Cancelled, it leaves all finished samples on disk.
    """
    if plan.concurrency < 1:
        raise InputError(f"concurrency is {plan.concurrency}; give 1 or more")
    _check_identity(journal.run, plan)
    require_functions(plan.suite, plan.functions)
    kept = await journal.read()
    work = _work(plan, journal, on_done, kept)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(plan.concurrency, len(plan.suite.cases) * plan.suite.epochs)):
                group.create_task(_do_samples(work))
        await journal.flush()
    except ExceptionGroup as failures:
        # The first failure stopped the others; it is the one that the user can answer.
        raise failures.exceptions[0] from failures
    return _outcome(work, num_kept=sum(not _is_open(result) for result in kept.values()))


def _work(plan: EvalPlan, journal: Journal, on_done: OnDone, kept: Mapping[SampleKey, SampleResult]) -> _Work:
    setting = Setting(
        model=plan.model, target=plan.target, kit=tool_kit(plan.suite, plan.functions), limits=plan.suite.limits
    )
    return _Work(
        plan=plan,
        setting=setting,
        graders=prepare(suite_graders(plan.suite)),
        journal=journal,
        on_done=on_done,
        waiting=(one for one in _samples(plan.suite) if _is_open(kept.get((one[0].id, one[1])))),
        results=dict(kept),
    )


def _samples(suite: Suite) -> Iterator[tuple[EvalCase, int]]:
    """Every case in each epoch: all cases once, then all a second time, so that a run stopped early has seen most."""
    return ((case, epoch) for epoch in range(1, suite.epochs + 1) for case in suite.cases)


async def _do_samples(work: _Work) -> None:
    for case, epoch in work.waiting:
        if work.stopped:
            return
        try:
            result = await _attempt(work, case, epoch)
        except NotAllowedError as error:
            work.stopped = work.stopped or str(error)
            return
        await work.journal.add(result, work.on_kept, most_waiting=work.plan.concurrency)


async def _attempt(work: _Work, case: EvalCase, epoch: int) -> SampleResult:
    before = work.results.get((case.id, epoch))
    if before is not None and before.status == "grader_error":
        return await _graded(work, case, before)
    try:
        conversation = await converse(work.setting, case, epoch)
    except ModelFailure as error:
        return _failed(case, epoch, "model_error", error)
    except StorageError:
        raise  # our own disk, not the provider's failure
    except ProviderError as error:
        return _failed(case, epoch, "infra_error", error)
    return await _graded(work, case, _answered(case, epoch, conversation))


def _failed(
    case: EvalCase, epoch: int, status: Literal["model_error", "infra_error"], error: ProviderError
) -> SampleResult:
    return SampleResult(
        case_id=case.id, epoch=epoch, status=status, output=None, error=storable(str(error)), num_steps=0
    )


def _answered(case: EvalCase, epoch: int, conversation: Conversation) -> SampleResult:
    turns = conversation.turns
    return SampleResult(
        case_id=case.id,
        status="ok",
        output=conversation.output,
        usage=conversation.usage,
        latency_seconds=conversation.latency_seconds,
        epoch=epoch,
        transcript=turns if len(turns) > 1 or turns[0].tool_calls else (),
        num_steps=conversation.num_steps,
        stop_reason=conversation.stop_reason,
        is_cached=conversation.is_cached,
    )


async def _graded(work: _Work, case: EvalCase, answered: SampleResult) -> SampleResult:
    """The answer with its scores; a limit that stopped a judge stops the run, and the answer is kept."""
    graded = await grade_sample(
        sample_to_grade(work.plan.suite, case, answered), answered, work.graders, work.plan.judges
    )
    work.stopped = work.stopped or graded.stopped
    return graded.result


def _is_open(result: SampleResult | None) -> bool:
    return result is None or result.status in {"infra_error", "grader_error"}


def _outcome(work: _Work, num_kept: int) -> RunOutcome:
    reason = f"not asked: {work.stopped}"
    results = tuple(
        work.results.get((case.id, epoch))
        or SampleResult(case_id=case.id, epoch=epoch, status="skipped", output=None, error=reason, num_steps=0)
        for case in work.plan.suite.cases
        for epoch in range(1, work.plan.suite.epochs + 1)
    )
    return RunOutcome(results=results, num_asked=work.num_asked, num_kept=num_kept, stopped=work.stopped)


def _check_identity(run: EvalRun, plan: EvalPlan) -> None:
    now = plan.identity or identity_of(plan.suite, plan.target)
    changed = [name for name in ("cases", "graders", "target") if getattr(now, name) != getattr(run.identity, name)]
    if changed:
        raise ConflictError(
            f"the run {run.id!r} was begun with other {' and '.join(changed)}; "
            "put the files back to go on with it, or start a new run"
        )
