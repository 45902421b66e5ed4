"""Checks are run as asked, and what could not be checked says so."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.check import CheckContext
from preceptor.datasets.run_checks import DEFAULT_ENTRIES, CheckEntry, run_checks

NOTHING = CheckContext(eval_texts={})


def test_results_carry_name_version_settings_and_counts(records):
    (result,) = run_checks(records, [CheckEntry(kind="schema", blocks=False, settings={"max_messages": 9})], NOTHING)
    assert (result.check, result.version, result.blocks) == ("schema", 2, False)
    assert result.settings == {"max_messages": 9, "max_characters": 100_000}
    assert (result.num_checked, result.findings) == (6, ())


def test_a_check_that_lacks_something_counts_nothing_as_checked(records):
    by_name = {result.check: result for result in run_checks(records, DEFAULT_ENTRIES, NOTHING)}
    assert by_name["eval_contamination"].num_checked == 0
    assert by_name["eval_contamination"].reason == "no eval cases were given to compare with"


def test_no_records_have_no_findings():
    assert all(result.findings == () for result in run_checks([], DEFAULT_ENTRIES, NOTHING))


def test_unknown_checks_and_settings_are_refused(records):
    with pytest.raises(InputError, match="no check named 'spelling'"):
        run_checks(records, [CheckEntry(kind="spelling")], NOTHING)
    with pytest.raises(InputError, match="did you mean 'num_words'"):
        run_checks(records, [CheckEntry(kind="eval_contamination", settings={"num_word": 8})], NOTHING)
