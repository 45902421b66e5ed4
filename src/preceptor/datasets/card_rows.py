"""The rows of the card's tables: figures with their shares and intervals, worked out of a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from preceptor.core.json_values import JsonValue
from preceptor.datasets.types import CheckResult, Composition, Governance, Manifest
from preceptor.stats.intervals import wilson

MAX_FIGURES = 40
MAX_ROWS = 100
PRIVACY_CHECKS = ("personal_data", "secret")
KIND_WORDS = {
    "sft": "conversations with the wanted last turn",
    "preference": "a prompt with a better and a worse answer",
    "ranking": "a prompt with answers in order",
    "binary": "a prompt with an answer that is wanted or not",
    "scored": "a prompt with an answer and its reward",
    "steps": "a prompt with a worked answer, judged step by step",
    "spans": "a text with labels on parts of it",
}


class CountRow(NamedTuple):
    """A value, how many records have it, and their share of all."""

    name: str
    number: int
    share: str


class CheckRow(NamedTuple):
    """One check as the card shows it."""

    check: str
    version: int
    checked: str
    found: str
    fixed: str
    share: str
    allowed: str
    blocks: str


class FigureRow(NamedTuple):
    """One thing that a check measured."""

    name: str
    value: str


def kind_rows(manifest: Manifest) -> list[tuple[str, int, str]]:
    """Each kind of record, how many there are, and what it is for."""
    return [(kind, count, KIND_WORDS.get(kind, "")) for kind, count in sorted(manifest.kinds.items())]


def count_rows(made_of: Composition, field: str, num_records: int) -> list[CountRow]:
    """The values of a field, most frequent first; the 101st row sums up the rest."""
    counts = list(made_of.counts.get(field, {}).items())
    rows = [CountRow(name, count, _percent(count / num_records)) for name, count in counts[:MAX_ROWS]]
    rest = sum(count for _, count in counts[MAX_ROWS:])
    if rest:
        rows.append(CountRow(f"and {len(counts) - MAX_ROWS} more", rest, _percent(rest / num_records)))
    return rows


def check_rows(manifest: Manifest) -> list[CheckRow]:
    """What each check found, with the share of records and its interval (Wilson, 95 %)."""
    return [_check_row(result) for result in manifest.checks]


def figure_rows(result: CheckResult) -> list[FigureRow]:
    """What a check measured, nested figures named by their path; at most 40."""
    rows = list(_flat(result.figures, ""))
    if len(rows) > MAX_FIGURES:
        rows = [*rows[:MAX_FIGURES], FigureRow("and more", f"{len(rows) - MAX_FIGURES} figures in manifest.json")]
    return rows


def privacy_checks(manifest: Manifest) -> list[CheckResult]:
    """The checks that looked for personal data and secrets."""
    return [result for result in manifest.checks if result.check.startswith(PRIVACY_CHECKS)]


def licence_fit(name: str, governance: Governance) -> str:
    """Whether a licence fits the intended use, as far as the recipe says.

    >>> licence_fit("MIT", Governance(allowed_licences=("MIT",))), licence_fit("MIT", Governance())
    ('yes', 'not stated')
    """
    if not name:
        return "not known: no licence is stated"
    if not governance.allowed_licences:
        return "not stated"
    return "yes" if name in governance.allowed_licences else "no"


def num_synthetic(made_of: Composition) -> int | None:
    """How many records a model wrote; None where there are too many generators to count them."""
    if "generator" in made_of.too_many:
        return None
    return sum(count for name, count in made_of.counts.get("generator", {}).items() if name)


def found(result: CheckResult) -> int:
    """How many findings there were, also those that are not listed."""
    return len(result.findings) if result.num_findings is None else result.num_findings


def _check_row(result: CheckResult) -> CheckRow:
    blocks = "yes" if result.blocks else "no"
    if result.reason:
        return CheckRow(result.check, result.version, f"not run: {result.reason}", "–", "–", "–", "–", blocks)
    share = "–"
    if 0 <= found(result) <= result.num_checked and result.num_checked:
        low, high = wilson(found(result), result.num_checked)
        share = f"{_percent(found(result) / result.num_checked)} ({_percent(low)} to {_percent(high)})"
    allowed = _percent(result.max_share) if result.max_share else "none"
    return CheckRow(
        result.check,
        result.version,
        str(result.num_checked),
        str(found(result)),
        str(result.num_fixed),
        share,
        allowed,
        blocks,
    )


def _flat(value: JsonValue, name: str) -> Iterator[FigureRow]:
    if isinstance(value, Mapping):
        for key, inner in sorted(value.items()):
            yield from _flat(inner, f"{name}, {key}" if name else str(key))
    elif isinstance(value, list):
        shown = ", ".join(_shown(item) for item in value[:MAX_FIGURES])
        yield FigureRow(name, shown + (" …" if len(value) > MAX_FIGURES else ""))
    else:
        yield FigureRow(name, _shown(value))


def _shown(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "not known"
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:200]


def _percent(share: float) -> str:
    """A share in percent, with enough digits that little is not nothing.

    >>> _percent(0.5), _percent(0.00012), _percent(0)
    ('50 %', '0.012 %', '0 %')
    """
    return f"{100 * share:.0f} %" if share >= 0.1 or share == 0 else f"{100 * share:.2g} %"  # noqa: PLR2004 - a tenth
