"""The quick form is the same form."""

from __future__ import annotations

import pytest

from preceptor.datasets.normal_bytes import normal_bytes
from preceptor.datasets.normal_text import normalise

ASCII = "".join(map(chr, range(128)))


@pytest.mark.parametrize(
    "text", [ASCII, ASCII[::-1], "", " ", "a  b", "\x1cA\x1d\x1e\x1fB\x85".replace("\x85", ""), "Ünï  \u2003ﬁ", "退款"]
)
def test_it_equals_normalise(text):
    assert normal_bytes(text) == normalise(text).encode()
