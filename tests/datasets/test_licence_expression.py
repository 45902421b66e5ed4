"""SPDX expressions are read as the specification's annex D says, whatever is thrown at the reader."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.licence_expression import licence_choices


@pytest.mark.parametrize(
    ("expression", "choices"),
    [
        ("MIT", [["MIT"]]),
        ("GPL-2.0+", [["GPL-2.0+"]]),
        ("LGPL-2.1-only OR BSD-3-Clause AND MIT", [["BSD-3-Clause", "MIT"], ["LGPL-2.1-only"]]),
        ("(MIT OR ISC) AND (Zlib or Apache-2.0)", [["Apache-2.0", "ISC"], ["Apache-2.0", "MIT"], ["ISC", "Zlib"], ["MIT", "Zlib"]]),
        ("DocumentRef-a:LicenseRef-b", [["DocumentRef-a:LicenseRef-b"]]),
        ("((((MIT))))", [["MIT"]]),
        ("MIT and MIT", [["MIT"]]),
    ],
)  # fmt: skip
def test_the_choices_that_an_expression_leaves(expression, choices):
    assert sorted(sorted(choice) for choice in licence_choices(expression)) == choices


@pytest.mark.parametrize(
    "expression",
    ["", "()", "MIT AND", "OR MIT", "MIT ISC", "(MIT", "MIT)", "MIT WITH", "MIT WITH (a)", "MIT\x00", "许可", "(" * 500 + "MIT" + ")" * 500, "x" * 5_000],
)  # fmt: skip
def test_what_is_no_expression_is_refused(expression):
    with pytest.raises(InputError, match="licence"):
        licence_choices(expression)


def test_an_expression_with_a_million_choices_is_refused_at_once():
    with pytest.raises(InputError, match="more than 64 choices"):
        licence_choices(" AND ".join(f"(a{number} OR b{number})" for number in range(20)))
