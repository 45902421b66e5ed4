"""Both sides' answers to every case, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from preceptor.evals.types import EvalCase, SampleResult, Suite
from preceptor.gates.report_types import SampleDiff, SampleScore
from preceptor.grading.types import MetricScore

FIRST_EPOCH = 1


def sample_diffs(suite: Suite, before: Iterable[SampleResult], after: Iterable[SampleResult]) -> tuple[SampleDiff, ...]:
    """One diff for each case that both sides have, in the suite's order; of several epochs the first is shown."""
    old, new = _by_case(before), _by_case(after)
    return tuple(_diff(case, old[case.id], new[case.id]) for case in suite.cases if case.id in old and case.id in new)


def _by_case(results: Iterable[SampleResult]) -> dict[str, SampleResult]:
    return {one.case_id: one for one in results if one.epoch == FIRST_EPOCH}


def _diff(case: EvalCase, old: SampleResult, new: SampleResult) -> SampleDiff:
    left, right = _by_metric(old.scores), _by_metric(new.scores)
    return SampleDiff(
        case_id=case.id,
        input=next((turn.content for turn in reversed(case.messages) if turn.role == "user"), ""),
        baseline_output=old.output,
        candidate_output=new.output,
        baseline_error=old.error,
        candidate_error=new.error,
        slices=case.slices,
        scores=tuple(
            SampleScore(
                metric=metric,
                baseline=left[metric].value,
                candidate=right[metric].value,
                baseline_reason=left[metric].reason,
                candidate_reason=right[metric].reason,
            )
            for metric in left
            if metric in right
        ),
    )


def _by_metric(scores: Sequence[MetricScore]) -> Mapping[str, MetricScore]:
    return {score.metric: score for score in scores}
