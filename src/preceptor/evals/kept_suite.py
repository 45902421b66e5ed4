"""A suite as kept with its runs, so that they can be read when its files have long changed."""

from __future__ import annotations

import msgspec

from preceptor.core.ids import canonical_json
from preceptor.evals.types import Suite


def suite_bytes(suite: Suite) -> bytes:
    """The suite as canonical JSON: the same suite gives the same bytes."""
    return canonical_json(suite)


def suite_from_bytes(content: bytes) -> Suite:
    """The suite that was kept."""
    return msgspec.json.decode(content, type=Suite)
