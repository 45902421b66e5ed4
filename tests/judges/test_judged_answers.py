from preceptor.core.registry import PluginIdentity
from preceptor.evals.types import EvalCase, SampleResult
from preceptor.grading.types import MetricScore
from preceptor.judges.judged_answers import judged_answers
from preceptor.judges.types import JudgedAnswer

GRADER = PluginIdentity(kind="grader", name="llm_judge", version=1, settings={})


def result(case_id, output="An answer.", value=0.5, reason="", epoch=1):
    score = MetricScore(metric="helpful", value=value, reason=reason, grader=GRADER)
    return SampleResult(case_id=case_id, status="ok", output=output, scores=(score,), epoch=epoch)


def test_an_answer_has_its_cases_slices_and_its_length():
    cases = {"a": EvalCase(id="a", messages=(), slices=("intent=x",), cluster="user-1")}
    assert judged_answers([result("a", epoch=2)], cases, "helpful", "m") == [
        JudgedAnswer(case_id="a", score=0.5, epoch=2, slices=("intent=x",), cluster="user-1", length=10, author="m")
    ]


def test_an_answer_without_a_score_says_why_and_no_answer_is_left_out():
    results = [result("a", value=None, reason="garbage"), result("b", output=None), result("c")]
    assert [(one.case_id, one.score, one.reason) for one in judged_answers(results, {}, "helpful")] == [
        ("a", None, "garbage"),
        ("c", 0.5, ""),
    ]
    assert judged_answers(results, {}, "polite")[0].reason == "no score of 'polite'"
