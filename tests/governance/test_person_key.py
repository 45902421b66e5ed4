"""One person's name written in two ways is one person."""

from __future__ import annotations

import pytest

from preceptor.governance.person_key import person_key


@pytest.mark.parametrize("other", [" Ada   Lovelace\t", "ADA LOVELACE", "\uff21da Lovelace"])
def test_case_spaces_and_width_do_not_make_another_person(other):
    assert person_key(other) == person_key("ada lovelace")


def test_another_name_is_another_person():
    assert person_key("Ada Byron") != person_key("Ada Lovelace")
