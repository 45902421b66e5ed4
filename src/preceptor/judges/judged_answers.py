"""A run's answers with what the judge behind one of its metrics said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from preceptor.evals.types import EvalCase, SampleResult
from preceptor.judges.types import JudgedAnswer


def judged_answers(
    results: Iterable[SampleResult], cases: Mapping[str, EvalCase], metric: str, author: str = ""
) -> list[JudgedAnswer]:
    """One for each result that has an answer, in their order; slices and clusters are the case's.

    `author` is the model that wrote them. An answer that the judge did not score has the reason.

    >>> result = SampleResult(case_id="q1", status="ok", output="Hello.")
    >>> judged_answers([result], {}, "helpful")[0].reason
    "no score of 'helpful'"
    """
    found: list[JudgedAnswer] = []
    for result in results:
        if result.output is None:
            continue
        score = next((one for one in result.scores if one.metric == metric), None)
        case = cases.get(result.case_id)
        found.append(
            JudgedAnswer(
                case_id=result.case_id,
                score=None if score is None else score.value,
                epoch=result.epoch,
                reason=f"no score of {metric!r}" if score is None else score.reason if score.value is None else "",
                slices=case.slices if case else (),
                cluster=case.cluster if case else None,
                length=len(result.output),
                author=author,
            )
        )
    return found
