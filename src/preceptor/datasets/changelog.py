"""The changelog of a dataset: an entry a version, as data and as text in the form of Keep a Changelog."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from preceptor.datasets.escape_markdown import escape_markdown
from preceptor.datasets.registry_types import ChangelogEntry
from preceptor.datasets.semantic_version import Proposal, count_of, parse_number
from preceptor.datasets.types import DatasetDiff, DatasetVersion, Shift

HEADINGS = ("Added", "Changed", "Fixed", "Removed", "Security")
NOTABLE_DIVERGENCE = 0.01


def changelog_entry(
    version: DatasetVersion, proposal: Proposal, diff: DatasetDiff | None, by: str, at: datetime
) -> ChangelogEntry:
    """The entry of a version under its number; without a `diff` it is the dataset's first."""
    changes = _first(version) if diff is None else _changes(diff)
    return ChangelogEntry(
        version_id=version.id,
        name=version.name,
        number=proposal.number,
        bump=proposal.bump,
        by=by,
        at=at,
        previous=None if diff is None else diff.before,
        reasons=proposal.reasons,
        changes={heading: changes[heading] for heading in HEADINGS if changes.get(heading)},
    )


def changelog_markdown(entries: Iterable[ChangelogEntry], level: int = 2) -> str:
    """The entries as Markdown, highest number first, each under a heading of this level; empty for none."""
    blocks = [_block(entry, "#" * level) for entry in sorted(entries, key=_order, reverse=True)]
    return "\n\n".join(blocks)


def _order(entry: ChangelogEntry) -> tuple[int, int, int]:
    return parse_number(entry.number)


def _block(entry: ChangelogEntry, marks: str) -> str:
    lines = [f"{marks} [{entry.number}] - {entry.at:%Y-%m-%d}", ""]
    lines.append(f"Version `{entry.version_id}`, {entry.bump}: {escape_markdown('; '.join(entry.reasons))}.")
    for heading, sentences in entry.changes.items():
        lines += ["", f"{marks}# {heading}", "", *(f"- {escape_markdown(sentence)}" for sentence in sentences)]
    return "\n".join(lines)


def _first(version: DatasetVersion) -> dict[str, tuple[str, ...]]:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(version.manifest.kinds.items()))
    return {"Added": (f"{count_of(version.manifest.num_records, 'record')}: {kinds}",)}


def _changes(diff: DatasetDiff) -> dict[str, tuple[str, ...]]:
    added = [f"{count_of(diff.num_added, 'record')}"] if diff.num_added else []
    changed = [*diff.breaking, *_counted(diff), *filter(None, map(_shift, diff.shifts))]
    changed += [f"the manifest's {part}" for part in diff.parts]
    fixed = [f"{count_of(diff.num_flips, 'label')} corrected ({_flipped(diff)})"] if diff.num_flips else []
    gone = diff.num_removed - len(diff.withdrawn)
    removed = [count_of(gone, "record")] if gone > 0 else []
    withdrawn = [f"{count_of(len(diff.withdrawn), 'record')} withdrawn and left out"] if diff.withdrawn else []
    return {
        "Added": tuple(added),
        "Changed": tuple(changed),
        "Fixed": tuple(fixed),
        "Removed": tuple(removed),
        "Security": tuple(withdrawn),
    }


def _counted(diff: DatasetDiff) -> list[str]:
    found = []
    if diff.num_changed:
        found.append(f"{count_of(diff.num_changed, 'record')} with another answer to the same prompt")
    if diff.num_moved:
        found.append(f"{count_of(diff.num_moved, 'record')} moved between splits")
    if diff.num_in_test:
        found.append(f"{count_of(diff.num_in_test, 'difference')} in the test split")
    return found + [
        f"{count_of(number, 'record')} with another {name}" for name, number in sorted(diff.provenance.items())
    ]


def _flipped(diff: DatasetDiff) -> str:
    fields = sorted({flip.field for flip in diff.flips})
    return ", ".join(fields)


def _shift(shift: Shift) -> str:
    if shift.divergence is None or shift.divergence < NOTABLE_DIVERGENCE:
        return ""
    moved = shift.shares[0] if shift.shares else None
    most = f", most {moved.value or 'not stated'!r} by {100 * moved.difference:+.1f} points" if moved else ""
    return f"the distribution of {shift.field} shifted: {shift.divergence:.3f} bits (Jensen-Shannon){most}"
