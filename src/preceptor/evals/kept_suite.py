"""A suite as kept with its runs, so that they can be read when its files have long changed."""

from __future__ import annotations

import msgspec

from preceptor.core.errors import InputError
from preceptor.evals.types import Suite


def suite_bytes(suite: Suite) -> bytes:
    """The suite as JSON: the same suite gives the same bytes."""
    return sorted_json(suite)


def suite_from_bytes(content: bytes) -> Suite:
    """The suite that was kept."""
    return msgspec.json.decode(content, type=Suite)


def sorted_json(value: object) -> bytes:
    """JSON with sorted keys, fast: one value, one text. InputError for what JSON cannot hold."""
    try:
        return msgspec.json.encode(value, order="sorted")
    except (TypeError, ValueError) as error:
        raise InputError(f"cannot write {type(value).__name__} as JSON: {error}; use JSON values only") from error
