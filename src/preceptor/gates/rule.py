"""One rule of a policy: a criterion, and what its word counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from preceptor.core.construct import Path, Problems, construct, kind_of
from preceptor.core.errors import InputError
from preceptor.gates.criterion import Criterion, criteria
from preceptor.gates.types import CriterionResult, Evidence, Tier

LONGEST_NAME = 100
OWN_KEYS = ("name", "tier", "waivable")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A criterion under a name that is its own in the policy.

    Tier `critical`: it must be shown to be met. `supporting`: it must not be shown to be
    missed; where the evidence does not tell, it holds nothing back. `advisory`: it is shown and
    decides nothing. Only a `waivable` rule can be waived.
    """

    criterion: Criterion
    name: str
    tier: Tier = "critical"
    waivable: bool = True

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the criterion says, under the rule's name and tier."""
        return replace(self.criterion.judge(evidence), name=self.name, tier=self.tier)


@dataclass(frozen=True, kw_only=True)
class _OwnSettings:
    """The keys of an entry that are the rule's and not the criterion's."""

    name: str = ""
    tier: Tier = "critical"
    waivable: bool = True

    def __post_init__(self) -> None:
        if len(self.name) > LONGEST_NAME or self.name != self.name.strip():
            raise InputError(f"name is {self.name!r}; write at most {LONGEST_NAME} characters, no space around them")


def rules_of(policy: Mapping[str, object], problems: Problems) -> tuple[Rule, ...]:
    """The rules that a policy's `criteria` list, every mistake noted.

    A rule without a name has its kind's; a second one of the kind is called `kind_2`. At least one
    must be critical: a policy that asks for nothing to be shown would let everything pass.
    """
    entries = policy.get("criteria")
    if not isinstance(entries, list) or not entries:
        if not problems.found or policy:
            problems.add(("criteria",), "write a list of at least one criterion, each with its 'kind'")
        return ()
    made = [_rule(entry, problems, ("criteria", index)) for index, entry in enumerate(entries)]
    _report_same_names(made, problems)
    rules = [rule for rule in made if rule is not None]
    if len(rules) == len(made) and not any(rule.tier == "critical" for rule in rules):
        problems.add(("criteria",), "no criterion is critical, so nothing would have to be shown; make one critical")
    return tuple(_named(rules))


def _rule(entry: object, problems: Problems, at: Path) -> Rule | None:
    if not isinstance(entry, Mapping):
        problems.add(at, f"must be a mapping with the key 'kind', not {kind_of(entry)}")
        return None
    own = construct(_OwnSettings, {key: entry[key] for key in OWN_KEYS if key in entry}, problems, at)
    kind = entry.get("kind")
    if not isinstance(kind, str):
        problems.add(at, f"'kind' is missing; there are: {', '.join(criteria.names())}")
        return None
    settings = {key: value for key, value in entry.items() if key not in {"kind", *OWN_KEYS}}
    criterion = criteria.construct(kind, settings, problems, at)
    if own is None or criterion is None:
        return None
    return Rule(criterion=criterion, name=own.name, tier=own.tier, waivable=own.waivable)


def _report_same_names(rules: Sequence[Rule | None], problems: Problems) -> None:
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        if rule is None or not rule.name:
            continue
        if rule.name in seen:
            problems.add(("criteria", index, "name"), f"the name {rule.name!r} stands twice; a waiver could mean both")
        seen.add(rule.name)


def _named(rules: Sequence[Rule]) -> list[Rule]:
    taken = {rule.name for rule in rules}
    named: list[Rule] = []
    for rule in rules:
        name = rule.name or _free_name(criteria.identify(rule.criterion).name, taken)
        taken.add(name)
        named.append(replace(rule, name=name))
    return named


def _free_name(kind: str, taken: set[str]) -> str:
    """The kind, or the kind with the first number from 2 that is not taken.

    >>> _free_name("threshold", {"threshold", "threshold_2"})
    'threshold_3'
    """
    name, number = kind, 2
    while name in taken:
        name, number = f"{kind}_{number}", number + 1
    return name
