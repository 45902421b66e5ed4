"""The model used its tools in the wanted way: which, in which order, how often."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import at_path
from preceptor.grading.call_difference import CallRules, call_difference
from preceptor.grading.call_matching import largest_matching
from preceptor.grading.calls_made import MadeCall, calls_in_turns
from preceptor.grading.calls_wanted import WantedCall, wanted_calls
from preceptor.grading.subsequence import longest_common
from preceptor.grading.types import Sample, Score
from preceptor.grading.value_difference import Comparison, Strings

MAX_CALLS = 500


@dataclass(frozen=True, kw_only=True)
class ToolTrajectory:
    """1 when the calls of all turns keep the target's trajectory and every rule.

    The target (or what stands at `target_path` in it) lists the wanted calls, as `tool_calls` reads
    them; a tool's name alone wants any call of it. `mode`: `exact`, these calls and no other;
    `in_order`, these in this order, others between; `any_order`, each of these at some time;
    `free` looks at no target. Rules: `forbidden` tools are never called; each chain of `before`
    (`[get_user, refund]`) wants a call of the earlier before the first of the later; at most
    `max_calls` in all, `max_repeats` of the same call with the same arguments, and
    `max_tool_errors` answers of tools that start with `error_start` (case ignored).

    Dimensions: `precision`, the share of made calls that belong to the trajectory, and `recall`,
    the share of wanted calls that were made, both in the mode's order; `tool_success`, the share of
    the tools' answers that are no errors. Each is None where there is nothing to share. Over 500
    calls: no score.

    >>> ToolTrajectory(mode="free", forbidden=("refund",)).grade(Sample(output="Done.")).value
    1.0
    """

    version: ClassVar[int] = 1
    dimension_names: ClassVar[tuple[str, ...]] = ("precision", "recall", "tool_success")
    mode: Literal["exact", "in_order", "any_order", "free"] = "in_order"
    target_path: str = ""
    strings: Strings = "exact"
    forbidden: tuple[str, ...] = ()
    before: tuple[tuple[str, ...], ...] = ()
    max_calls: int | None = None
    max_repeats: int | None = None
    max_tool_errors: int | None = None
    error_start: str = "error"

    def __post_init__(self) -> None:
        short = next((chain for chain in self.before if len(chain) < 2), None)  # noqa: PLR2004 - two make an order
        if short is not None:
            raise InputError(f"before has {list(short)}; a chain names two tools or more, the earlier first")
        low = next((n for n in ("max_calls", "max_repeats", "max_tool_errors") if (getattr(self, n) or 0) < 0), None)
        if low:
            raise InputError(f"{low} is {getattr(self, low)}; give 0 or more")

    def grade(self, sample: Sample) -> Score:
        """1, or 0 with every rule that was broken; None without a usable target, except in mode `free`."""
        made = calls_in_turns(sample.transcript)
        if len(made) > MAX_CALLS:
            return Score(value=None, reason=f"{len(made)} calls, up to {MAX_CALLS} are compared")
        wanted: Sequence[WantedCall] = ()
        if self.mode != "free":
            target = at_path(sample.target, self.target_path) if self.target_path else sample.target
            if target is None:
                return Score(value=None, reason="the case has no target that lists the trajectory; or set mode: free")
            try:
                wanted = wanted_calls(target)
            except InputError as error:
                return Score(value=None, reason=f"the target lists no calls: {error}")
        return self._score(sample, made, wanted)

    def _score(self, sample: Sample, made: Sequence[MadeCall], wanted: Sequence[WantedCall]) -> Score:
        answers = [turn.content for turn in sample.transcript if turn.role == "tool"]
        num_errors = sum(1 for text in answers if self._is_error(text))
        pairs = {} if self.mode == "free" else self._pairs(sample, made, wanted)
        problems = [
            *self._order_problems(made, wanted, pairs),
            *_forbidden_problems(made, self.forbidden),
            *_before_problems(made, self.before),
            *self._limit_problems(made, num_errors),
        ]
        return Score(
            value=float(not problems),
            reason="; ".join(problems),
            dimensions={
                "precision": len(pairs) / len(made) if made and self.mode != "free" else None,
                "recall": len(pairs) / len(wanted) if wanted else None,
                "tool_success": 1 - num_errors / len(answers) if answers else None,
            },
            details={"num_calls": len(made), "num_tool_errors": num_errors, "num_repeats": _most_repeated(made)[1]},
        )

    def _pairs(self, sample: Sample, made: Sequence[MadeCall], wanted: Sequence[WantedCall]) -> dict[int, int]:
        rules = CallRules(comparison=Comparison(strings=self.strings))
        tools = {tool.name: tool for tool in sample.tools}
        fits = [
            [at for at, call in enumerate(made) if not call_difference(call, want, tools.get(want.name), rules)]
            for want in wanted
        ]
        return largest_matching(fits) if self.mode == "any_order" else longest_common(fits)

    def _order_problems(
        self, made: Sequence[MadeCall], wanted: Sequence[WantedCall], pairs: dict[int, int]
    ) -> list[str]:
        missing = [want.name for place, want in enumerate(wanted) if place not in pairs]
        extra = [call.name for place, call in enumerate(made) if place not in pairs.values()]
        in_place = "" if self.mode == "any_order" else " in its place"
        found = []
        if missing:
            found.append(f"{len(missing)} of {len(wanted)} wanted calls not made{in_place}, first {missing[0]!r}")
        if extra and self.mode == "exact":
            found.append(f"{len(extra)} calls too many, first {extra[0]!r}")
        return found

    def _limit_problems(self, made: Sequence[MadeCall], num_errors: int) -> list[str]:
        name, repeats = _most_repeated(made)
        found = []
        if self.max_calls is not None and len(made) > self.max_calls:
            found.append(f"{len(made)} calls, at most {self.max_calls} allowed")
        if self.max_repeats is not None and repeats > self.max_repeats:
            found.append(f"{name!r} called {repeats} times with the same arguments, at most {self.max_repeats} allowed")
        if self.max_tool_errors is not None and num_errors > self.max_tool_errors:
            found.append(f"{num_errors} tool errors, at most {self.max_tool_errors} allowed")
        return found

    def _is_error(self, text: str) -> bool:
        return text[: len(self.error_start) + 200].lstrip().casefold().startswith(self.error_start.casefold())


def _forbidden_problems(made: Sequence[MadeCall], forbidden: Sequence[str]) -> list[str]:
    called = dict.fromkeys(call.name for call in made)
    return [f"{name!r} is forbidden and was called" for name in forbidden if name in called]


def _before_problems(made: Sequence[MadeCall], chains: Sequence[Sequence[str]]) -> list[str]:
    names = [call.name for call in made]
    first = {name: names.index(name) for name in set(names)}
    return [
        f"{later!r} was called without {earlier!r} before it"
        for chain in chains
        for earlier, later in pairwise(chain)
        if later in first and first.get(earlier, len(names)) > first[later]
    ]


def _most_repeated(made: Sequence[MadeCall]) -> tuple[str, int]:
    same = Counter((call.name, json.dumps(call.arguments, sort_keys=True)) for call in made)
    return max(((name, count) for (name, _), count in same.items()), key=lambda one: one[1], default=("", 0))
