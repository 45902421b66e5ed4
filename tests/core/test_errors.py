"""Each kind of error has its exit code."""

from __future__ import annotations

import pytest

from preceptor.core import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InputError, 2),
        (errors.NotFoundError, 3),
        (errors.ConflictError, 4),
        (errors.NotAllowedError, 5),
        (errors.ProviderError, 6),
        (errors.StorageError, 6),
    ],
)
def test_exit_codes_are_a_promise(error, code):
    assert error("x").exit_code == code
