"""How much the records of one version are spread otherwise than those of another, field by field.

Divergence: Lin, Divergence measures based on the Shannon entropy, IEEE Transactions on Information
Theory 37 (1991) 145. Test: Pearson's chi-square of homogeneity, small classes pooled as Cochran, The
chi-square test of goodness of fit (Annals of Mathematical Statistics 23, 1952, 315) advises. Interval of a
difference of shares: Newcombe's.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

from scipy import special

from preceptor.datasets.types import Composition, Shift, ShiftedShare
from preceptor.stats.two_shares import Share, newcombe

MAX_SHARES = 20
FEWEST_EXPECTED = 5
UNTOLD = frozenset({"annotator", "media"})  # a record can have several of these, or none: they are no shares of records


def shifts(before: Composition, after: Composition) -> tuple[Shift, ...]:
    """The shift of every field that both compositions count and that says something, in order of divergence.

    Records that stand in both versions are counted in both, so the test is conservative: it finds less than
    it would in two independent samples.
    """
    names = [name for name in before.counts if name in after.counts and name not in UNTOLD]
    splits = shift("split", _by_split(before), _by_split(after))
    found = [splits, shift("kind", _by_kind(before), _by_kind(after))]
    too_many = {*before.too_many, *after.too_many}
    for name in sorted(names):
        if name in too_many:
            reason = "too many values to compare"
            found.append(Shift(field=name, num_before=0, num_after=0, divergence=None, p_value=None, reason=reason))
        else:
            found.append(shift(name, before.counts[name], after.counts[name]))
    return tuple(sorted(found, key=lambda one: (-(one.divergence or 0), one.field)))


def shift(field: str, before: Mapping[str, int], after: Mapping[str, int]) -> Shift:
    """The shift of one field from its counts before to those after.

    >>> shift("intent", {"a": 50, "b": 50}, {"a": 100}).divergence  # doctest: +ELLIPSIS
    0.311...
    """
    num_before, num_after = sum(before.values()), sum(after.values())
    if not num_before or not num_after:
        reason = f"no record {'before' if not num_before else 'after'} has it"
        return Shift(
            field=field, num_before=num_before, num_after=num_after, divergence=None, p_value=None, reason=reason
        )
    p_value, reason = _homogeneity(before, after)
    return Shift(
        field=field,
        num_before=num_before,
        num_after=num_after,
        divergence=jensen_shannon(before, after),
        p_value=p_value,
        reason=reason,
        shares=_shares(before, after),
    )


def jensen_shannon(before: Mapping[str, int], after: Mapping[str, int]) -> float:
    """The divergence of two distributions in bits, from 0 (equal) to 1 (nothing in common).

    >>> jensen_shannon({"a": 3}, {"b": 5}), jensen_shannon({"a": 1, "b": 2}, {"a": 2, "b": 4})
    (1.0, 0.0)
    """
    num_before, num_after = sum(before.values()), sum(after.values())
    total = 0.0
    for value in sorted(before.keys() | after.keys()):
        one, other = before.get(value, 0) / num_before, after.get(value, 0) / num_after
        middle = (one + other) / 2
        total += sum(share * log2(share / middle) for share in (one, other) if share) / 2
    return min(1.0, max(0.0, total))


def _homogeneity(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[float | None, str]:
    """The p value that both counts come from one distribution; classes expected fewer than 5 times are pooled."""
    num_before, num_after = sum(before.values()), sum(after.values())
    smaller = min(num_before, num_after) / (num_before + num_after)
    cells: list[tuple[int, int]] = []
    pooled = (0, 0)
    for value in sorted(before.keys() | after.keys()):
        one, other = before.get(value, 0), after.get(value, 0)
        if (one + other) * smaller < FEWEST_EXPECTED:
            pooled = (pooled[0] + one, pooled[1] + other)
        else:
            cells.append((one, other))
    cells += [pooled] if sum(pooled) * smaller >= FEWEST_EXPECTED else []
    if len(cells) < 2:  # noqa: PLR2004 - one class cannot shift
        return None, "fewer than two values are frequent enough to test"
    num_before, num_after = sum(one for one, _ in cells), sum(other for _, other in cells)
    statistic = 0.0
    for one, other in cells:
        for seen, size in ((one, num_before), (other, num_after)):
            expected = (one + other) * size / (num_before + num_after)
            statistic += (seen - expected) ** 2 / expected
    return float(special.chdtrc(len(cells) - 1, statistic)), ""


def _shares(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[ShiftedShare, ...]:
    num_before, num_after = sum(before.values()), sum(after.values())
    found = []
    for value in before.keys() | after.keys():
        old, new = Share(before.get(value, 0), num_before), Share(after.get(value, 0), num_after)
        found.append((-abs(new.value - old.value), value, old, new))
    return tuple(
        ShiftedShare(
            value=value,
            num_before=old.successes,
            num_after=new.successes,
            difference=new.value - old.value,
            interval=newcombe(new, old),
        )
        for _, value, old, new in sorted(found)[:MAX_SHARES]
    )


def _by_split(made_of: Composition) -> dict[str, int]:
    counts: dict[str, int] = {}
    for splits in made_of.splits.values():
        for split, count in splits.items():
            counts[split] = counts.get(split, 0) + count
    return counts


def _by_kind(made_of: Composition) -> dict[str, int]:
    return {kind: sum(splits.values()) for kind, splits in made_of.splits.items()}
