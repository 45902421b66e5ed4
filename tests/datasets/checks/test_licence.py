"""Licence: what may not be used as intended is told, and how much of it there is."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.licence import Licence
from preceptor.datasets.run_checks import conclude_check, find_in


def reasons(sft, *licences, **settings):
    records = [sft(str(number), "a", licence=licence) for number, licence in enumerate(licences)]
    return [finding.reason for finding in find_in(Licence(**settings), records, CheckContext())]


@pytest.mark.parametrize(
    ("use", "refused"),
    [
        ("commercial", ["CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0"]),
        ("publish", ["CC-BY-ND-4.0", "CC-BY-NC-ND-4.0"]),
        ("research", []),
    ],
)
def test_each_use_is_forbidden_by_other_terms(sft, use, refused):
    licences = [
        "MIT",
        "CC0-1.0",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "CC-BY-NC-4.0",
        "CC-BY-ND-4.0",
        "CC-BY-NC-SA-4.0",
        "CC-BY-NC-ND-4.0",
    ]
    found = reasons(sft, *licences, use=use)
    assert [reason.split()[0] for reason in found] == refused


def test_share_alike_can_be_refused(sft):
    assert reasons(sft, "GPL-3.0-only", "Apache-2.0") == []
    assert reasons(sft, "GPL-3.0-only", "Apache-2.0", allow_share_alike=False) == [
        "GPL-3.0-only is share alike; wanted is commercial use"
    ]


def test_of_or_one_side_must_do_and_of_and_both(sft):
    good = ["MIT OR CC-BY-NC-4.0", "(CC-BY-NC-4.0 AND MIT) OR Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"]
    bad = ["MIT AND CC-BY-NC-4.0", "CC-BY-NC-4.0 OR CC-BY-ND-4.0"]
    assert reasons(sft, *good) == []
    assert reasons(sft, *bad) == [
        "CC-BY-NC-4.0 is non commercial; wanted is commercial use",
        "CC-BY-NC-4.0 is non commercial | CC-BY-ND-4.0 is no derivatives; wanted is commercial use",
    ]


def test_what_is_not_stated_not_known_or_not_readable_is_refused_even_for_research(sft):
    found = reasons(sft, "", "Acme-Data-1.0", "free (", "see the website!", use="research")
    assert found[0] == "does not state its licence"
    assert found[1] == "Acme-Data-1.0 is not known; say under `known` what it asks; wanted is research use"
    assert "has '(' where an end, AND, OR or WITH should stand" in found[2]
    assert "where an end" in found[3] or "no use for" in found[3]


def test_licences_of_ones_own_can_be_made_known(sft):
    known = {"LicenseRef-contract": (), "our terms": ("non_commercial",)}
    assert reasons(sft, "LicenseRef-contract", "our terms", known=known) == [
        "our terms is non commercial; wanted is commercial use"
    ]
    with pytest.raises(InputError, match="the term 'nc'"):
        Licence(known={"a": ("nc",)})


def test_the_figures_are_the_licence_table(sft):
    records = [sft(str(number), "a", licence="MIT" if number else "") for number in range(4)]
    figures = conclude_check(Licence(), list(iter_batches(records)), CheckContext()).figures
    assert list(figures["licences"]) == ["MIT", ""]
    assert (figures["licences"]["MIT"]["count"], figures["licences"]["MIT"]["allows_use"]) == (3, True)
    assert not figures["licences"][""]["allows_use"]
