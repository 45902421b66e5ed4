"""The model made the wanted tool calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import at_path
from preceptor.grading.call_difference import CallRules, call_difference
from preceptor.grading.call_matching import largest_matching, ordered_matching
from preceptor.grading.calls_made import MadeCall, Source, calls_of
from preceptor.grading.calls_wanted import WantedCall, wanted_calls
from preceptor.grading.types import Sample, Score
from preceptor.grading.value_difference import Comparison, Strings

MAX_CALLS = 500


@dataclass(frozen=True, kw_only=True)
class ToolCalls:
    """1 when the calls that the model made are the target's: every one right, none missing, none extra.

    The target (or what stands at `target_path` in it) lists the wanted calls, each as
    `{name, arguments}` or as the Berkeley leaderboard's `{tool: {argument: [allowed, ...]}}`;
    an empty list wants no call. `source` says where the made calls stand: in the turns, in the
    output's JSON (at `path`), or, for `auto`, in whichever has any. An output without JSON
    makes no call.

    `order`: calls in `any` order are paired so that as many as possible fit; `exact` compares
    them one to one; `subset_order` wants them in this order, with other calls between.
    `allow_extra` permits further calls in `any` order. Types count: 5 is 5.0, but True is not
    1 and "5" is not 5, unless `lenient_numbers`. `strings` are compared to the letter, `folded`
    (case and white space ignored) or as `bfcl` does. The declared schema of a tool says which
    arguments are required; `unnamed_arguments: declared` accepts arguments that the target does
    not name where the tool declares them and their type is right.

    The dimension `matched` is the share of wanted calls that were made. Over 500 calls: no score.

    >>> target = [{"area": {"base": [10], "unit": ["m", ""]}}]
    >>> ToolCalls().grade(Sample(output='[{"name": "area", "arguments": {"base": "10"}}]', target=target)).reason
    "area: base: got '10', wanted 10"
    """

    version: ClassVar[int] = 1
    dimension_names: ClassVar[tuple[str, ...]] = ("matched",)
    source: Source = "auto"
    path: str = ""
    target_path: str = ""
    order: Literal["any", "exact", "subset_order"] = "any"
    allow_extra: bool = False
    unnamed_arguments: Literal["refused", "declared"] = "refused"
    strings: Strings = "exact"
    lenient_numbers: bool = False

    def __post_init__(self) -> None:
        if self.allow_extra and self.order == "exact":
            raise InputError("allow_extra goes with order any; for calls in order with others between, subset_order")

    def grade(self, sample: Sample) -> Score:
        """1, or 0 with the first call, argument and value that differs; None without a usable target."""
        target = at_path(sample.target, self.target_path) if self.target_path else sample.target
        if target is None:
            return Score(value=None, reason="the case has no target that lists the wanted calls")
        try:
            wanted = wanted_calls(target)
        except InputError as error:
            return Score(value=None, reason=f"the target lists no calls: {error}")
        made = calls_of(sample, self.source, self.path)
        if len(made) > MAX_CALLS or len(wanted) > MAX_CALLS:
            reason = f"{len(made)} calls made, {len(wanted)} wanted; up to {MAX_CALLS} are compared"
            return Score(value=None, reason=reason)
        return self._compare(made, wanted, sample)

    def _compare(self, made: Sequence[MadeCall], wanted: Sequence[WantedCall], sample: Sample) -> Score:
        tools = {tool.name: tool for tool in sample.tools}
        gaps = [[call_difference(call, want, tools.get(want.name), self._rules) for call in made] for want in wanted]
        fits = [[place for place, gap in enumerate(row) if not gap] for row in gaps]
        pairs = self._pairs(fits)
        dimensions = {"matched": len(pairs) / len(wanted) if wanted else None}
        missing = [place for place in range(len(wanted)) if place not in pairs]
        if missing:
            free = [place for place in range(len(made)) if place not in pairs.values()]
            reason = self._missing_reason(missing[0], gaps[missing[0]], wanted, [(at, made[at]) for at in free])
            return Score(value=0.0, reason=reason, dimensions=dimensions)
        extra = [call.name for place, call in enumerate(made) if place not in pairs.values()]
        if extra and not self.allow_extra and self.order != "subset_order":
            reason = f"{len(extra)} more than wanted: {', '.join(extra[:5])}"
            reason = reason if wanted else f"no call was wanted, got {', '.join(extra[:5])}"
            return Score(value=0.0, reason=reason, dimensions=dimensions)
        return Score(value=1.0, dimensions=dimensions)

    def _pairs(self, fits: Sequence[Sequence[int]]) -> dict[int, int]:
        if self.order == "exact":
            return {wanted: wanted for wanted, candidates in enumerate(fits) if wanted in candidates}
        return largest_matching(fits) if self.order == "any" else ordered_matching(fits)

    def _missing_reason(
        self, place: int, gaps: Sequence[str], wanted: Sequence[WantedCall], free: Sequence[tuple[int, MadeCall]]
    ) -> str:
        """The nearest call that was made: the one at the same place, or the first free one of the name."""
        name = wanted[place].name
        if self.order == "exact" and place < len(gaps):
            return gaps[place]
        near = next((gaps[at] for at, call in free if call.name == name and gaps[at]), None)
        if near is not None:
            return near
        made = ", ".join(call.name or call.problem for _, call in free[:5]) or "no other call"
        is_late = any(call.name == name for _, call in free)
        return f"{name!r} was called, but not in the wanted order" if is_late else f"no call of {name!r}; got {made}"

    @cached_property
    def _rules(self) -> CallRules:
        comparison = Comparison(strings=self.strings, lenient_numbers=self.lenient_numbers)
        return CallRules(comparison=comparison, unnamed_arguments=self.unnamed_arguments)
