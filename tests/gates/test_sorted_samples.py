"""Losses are read first."""

from __future__ import annotations

from preceptor.gates.report_types import SampleDiff, SampleScore
from preceptor.gates.sorted_samples import change_of, sort_samples


def _sample(case_id, **scores):
    return SampleDiff(
        case_id=case_id,
        input="",
        baseline_output="",
        candidate_output="",
        scores=tuple(SampleScore(metric=metric, baseline=old, candidate=new) for metric, (old, new) in scores.items()),
    )


def test_samples_are_worse_better_or_not_comparable(report_evidence):
    found = sort_samples(report_evidence.samples, "valid")
    assert [sample.case_id for sample in found.regressed] == ["case_down", "case_a_little_down"]
    assert [sample.case_id for sample in found.improved] == ["case_up"]
    assert [sample.case_id for sample in found.uncompared] == ["case_lost"]
    assert found.num_unchanged == 1


def test_ties_are_in_the_order_of_ids():
    found = sort_samples([_sample("b", valid=(1.0, 0.0)), _sample("a", valid=(1.0, 0.0))], "valid")
    assert [sample.case_id for sample in found.regressed] == ["a", "b"]


def test_a_loss_on_another_metric_counts_where_the_primary_stayed():
    assert change_of(_sample("a", valid=(1.0, 1.0), polite=(1.0, 0.25), short=(0.0, 1.0)), "valid") == -0.75


def test_a_gain_on_another_metric_counts_where_nothing_fell():
    assert change_of(_sample("a", valid=(1.0, 1.0), polite=(0.25, 1.0)), "valid") == 0.75


def test_the_primary_metric_outweighs_the_others():
    assert change_of(_sample("a", valid=(0.0, 1.0), polite=(1.0, 0.0)), "valid") == 1.0


def test_a_sample_without_the_primary_metric_goes_by_the_others():
    assert change_of(_sample("a", polite=(1.0, 0.0)), "valid") == -1.0


def test_a_sample_without_scores_is_not_comparable():
    assert change_of(_sample("a"), "valid") is None
    assert change_of(_sample("a", polite=(None, 1.0)), "valid") is None
