"""Which cases of the evidence belong to which slice, and the evidence of some of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from preceptor.evals.types import ScoreRow
from preceptor.gates.types import Evidence


def cases_by_slice(evidence: Evidence, metric: str, selectors: Sequence[str] = ()) -> dict[str, list[str]]:
    """The ids of each slice's cases, slices by name, that a selector asks for (all, without selectors).

    A case is in the slices that either side names; one with several is in each. `intent` selects
    every `intent=...`; `intent=billing` selects that one.
    """
    members: dict[str, dict[str, None]] = {}
    for rows in (evidence.baseline.get(metric, ()), evidence.candidate.get(metric, ())):
        for row in rows:
            for name in row.slices:
                if not selectors or any(is_selected(name, selector) for selector in selectors):
                    members.setdefault(name, {})[row.id] = None
    return {name: list(members[name]) for name in sorted(members)}


def is_selected(name: str, selector: str) -> bool:
    """True when the selector is the slice's whole name, or the part before its `=`.

    >>> is_selected("intent=billing", "intent"), is_selected("intent=billing", "intent=bill")
    (True, False)
    """
    return name == selector or name.startswith(f"{selector}=")


def of_cases(evidence: Evidence, metric: str, cases: Collection[str]) -> Evidence:
    """The evidence of these cases alone, on one metric."""
    kept = set(cases)
    return replace(
        evidence,
        baseline=_rows_of(evidence.baseline, metric, kept),
        candidate=_rows_of(evidence.candidate, metric, kept),
    )


def _rows_of(rows: Mapping[str, Sequence[ScoreRow]], metric: str, cases: set[str]) -> dict[str, list[ScoreRow]]:
    return {metric: [row for row in rows[metric] if row.id in cases]} if metric in rows else {}
