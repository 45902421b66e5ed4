"""One assertion about an output, as a case lists it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue

AssertionType = Literal[
    "equals",
    "contains",
    "icontains",
    "contains-all",
    "contains-any",
    "icontains-all",
    "icontains-any",
    "starts-with",
    "regex",
    "is-json",
]


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """What must hold, or with `negate` must not; `value` is a text, a list of texts, or a JSON schema for `is-json`."""

    type: AssertionType
    value: JsonValue = None
    weight: float = 1.0
    negate: bool = False

    def __post_init__(self) -> None:
        if not (self.weight > 0 and isfinite(self.weight)):
            raise InputError(f"weight is {self.weight!r}; give a number above 0")
        if self.value is None and self.type != "is-json":
            raise InputError(f"{self.type} has no value")
