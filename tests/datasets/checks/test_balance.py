"""Balance: drift that is beyond doubt, and values that are rarer than asked."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.balance import Balance
from preceptor.datasets.run_checks import conclude_check


def made(sft, **counts):
    return [
        sft(f"{intent} {place}", "a", metadata={"intent": intent})
        for intent, count in counts.items()
        for place in range(count)
    ]


def concluded(records, context=None, **settings):
    check = Balance(**{"fields": ("metadata.intent",), **settings})
    return conclude_check(check, list(iter_batches(records)), context or CheckContext())


def test_the_same_spread_is_no_drift(sft):
    context = CheckContext(before={"metadata.intent": {"refund": 500, "login": 500}})
    found = concluded(made(sft, refund=300, login=300), context)
    assert found.findings == []
    (drift,) = found.figures["drift"]
    assert (drift["total_variation"], drift["jensen_shannon_bits"], drift["p_value"]) == (0.0, 0.0, pytest.approx(1.0))


def test_drift_is_told_against_the_version_before_and_against_production(sft):
    """Half of the records moved; Weissman's bound for n = 600 and 1,000: .5 - .0604 - .0468 = .393."""
    reference = {"metadata.intent": {"refund": 1000, "login": 0}}
    found = concluded(made(sft, refund=300, login=300), CheckContext(before=reference, production=reference))
    assert [finding.record_id for finding in found.findings] == ["", ""]
    assert [finding.evidence["against"] for finding in found.findings] == ["the version before", "production"]
    assert "50.0% of records, in at least 39.3% for certain" in found.findings[0].reason
    assert found.figures["compared_with"] == ["the version before", "production"]


def test_a_drift_that_chance_can_make_is_a_figure_only(sft):
    context = CheckContext(production={"metadata.intent": {"refund": 50, "login": 50}})
    found = concluded(made(sft, refund=14, login=6), context)
    assert found.findings == []
    assert found.figures["drift"][0]["total_variation"] == 0.2


def test_p_values_are_adjusted_over_all_fields(sft):
    """The same shift in two fields: Holm doubles the smaller of two equal p-values."""
    records = [
        sft(str(place), "a", source="x" if place < 60 else "y", language="en" if place < 60 else "de")
        for place in range(100)
    ]
    context = CheckContext(before={"source": {"x": 50, "y": 50}, "language": {"en": 50, "de": 50}})
    alone = concluded(records, context, fields=("source",)).figures["drift"][0]["p_value"]
    both = concluded(records, context, fields=("source", "language")).figures["drift"][0]["p_value"]
    assert both == pytest.approx(2 * alone)


def test_rare_and_lost_values_are_told(sft):
    context = CheckContext(before={"metadata.intent": {"refund": 90, "billing": 10}})
    found = concluded(made(sft, refund=97, login=3), context, min_share=0.05, max_drift=1.0)
    assert [finding.reason for finding in found.findings] == [
        "0 of 100 records have metadata.intent 'billing', under 5.0%",
        "3 of 100 records have metadata.intent 'login', under 5.0%",
    ]


def test_records_without_the_field_are_counted_apart(sft):
    figures = concluded([*made(sft, refund=3), sft("a", "b")]).figures["fields"]["metadata.intent"]
    assert (figures["num_missing"], figures["values"]["refund"]["share"]) == (1, 1.0)


def test_a_field_with_a_value_for_each_record_stays_bounded(sft):
    records = [sft(str(place), "a", source=f"https://example.org/{place}") for place in range(12_000)]
    figures = concluded(records, fields=("source",)).figures["fields"]["source"]
    assert (figures["num_values"], len(figures["values"])) == (10_001, 30)
    assert figures["values"]["(other values)"]["count"] == 2_000


@pytest.mark.parametrize(
    "settings", [{"fields": ()}, {"fields": ("kind", "kind")}, {"fields": ("mood",)}, {"max_drift": 2}]
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError):
        Balance(**settings)
