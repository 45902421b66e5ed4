"""Two runs are put side by side by case and epoch, and nothing is lost."""

from __future__ import annotations

from preceptor.evals.page_samples import page_samples
from preceptor.evals.types import EvalCase, SampleResult


def _result(case_id, epoch=1, output="yes"):
    return SampleResult(case_id=case_id, status="ok", output=output, epoch=epoch)


def test_the_same_case_and_epoch_stand_together():
    after = [_result("a", 1), _result("a", 2)]
    found = list(page_samples([], after, [_result("a", 2, "no")]))
    assert [sample.baseline.output if sample.baseline else None for sample in found] == [None, "no"]


def test_what_only_the_baseline_has_comes_last():
    found = list(page_samples([EvalCase(id="old", messages=())], [_result("new")], [_result("old")]))
    assert [(sample.case_id, sample.result is None, sample.case is None) for sample in found] == [
        ("new", False, True),
        ("old", True, False),
    ]


def test_results_are_read_one_by_one():
    """A run that is read from a database is never held as a whole."""
    read = []

    def results():
        for number in range(3):
            read.append(number)
            yield _result(str(number))

    samples = page_samples([], results())
    next(samples)
    assert read == [0]
