"""Put a run's results beside their cases and beside another run's results of the same cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from preceptor.evals.page_types import PageSample
from preceptor.evals.types import EvalCase, SampleResult


def page_samples(
    cases: Iterable[EvalCase], results: Iterable[SampleResult], baseline: Iterable[SampleResult] = ()
) -> Iterator[PageSample]:
    """One for every result, in their order, then those that only the baseline has.

    The results are read one by one and the baseline's are held. A result whose case is not among
    the cases has None for it.

    >>> asked = SampleResult(case_id="a", status="ok", output="yes")
    >>> [sample.baseline is None for sample in page_samples([], [asked], [asked])]
    [False]
    """
    known = {case.id: case for case in cases}
    before = {(result.case_id, result.epoch): result for result in baseline}
    for result in results:
        yield PageSample(
            case_id=result.case_id,
            epoch=result.epoch,
            case=known.get(result.case_id),
            result=result,
            baseline=before.pop((result.case_id, result.epoch), None),
        )
    for left in before.values():
        yield PageSample(case_id=left.case_id, epoch=left.epoch, case=known.get(left.case_id), baseline=left)
