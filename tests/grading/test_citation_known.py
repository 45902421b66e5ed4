"""Citations that exist."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.citation_known import CitationKnown
from preceptor.grading.types import Sample

PASSAGES = {"refunds": "Refunds take 5 days.", "billing": "Bills come monthly."}


@pytest.mark.parametrize(
    ("output", "minimum", "value", "reason"),
    [
        ('{"citations": ["refunds"]}', 1, 1.0, ""),
        ('{"citations": []}', 0, 1.0, ""),
        ('{"citations": []}', 1, 0.0, "cites 0 passages"),
        ('{"citations": ["refunds", "refunds"]}', 2, 0.0, "cites 1 passages"),
        ('{"citations": ["refunds", "made-up"]}', 1, 0.0, "'made-up'"),
        ('{"citations": [1]}', 0, 0.0, "no passage has the id 1"),
        ('{"citations": [["refunds"]]}', 0, 0.0, "no passage has the id"),
        ('{"citations": "refunds"}', 0, 0.0, "not a list"),
        ("{}", 0, 0.0, "nothing at 'citations'"),
        ("see the refunds page", 0, 0.0, "not JSON"),
    ],
)
def test_value(output, minimum, value, reason):
    score = CitationKnown(minimum=minimum).grade(Sample(output=output, passages=PASSAGES))
    assert score.value == value
    assert reason in score.reason


def test_no_passages_is_no_score():
    assert CitationKnown().grade(Sample(output='{"citations": ["refunds"]}')).value is None


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="minimum"):
        CitationKnown(minimum=-1)
    with pytest.raises(InputError, match="path"):
        CitationKnown(path="")
