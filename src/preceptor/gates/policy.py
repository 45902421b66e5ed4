"""A gate policy: the rules a release must meet, read from a file that people review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from preceptor.core.construct import Problems, construct, kind_of, report_unknown
from preceptor.core.documents import Document
from preceptor.gates.comparable import Fact
from preceptor.gates.rule import Rule, rules_of
from preceptor.gates.types import JudgeRules

KEYS = ("name", "criteria", "may_differ", "judges", "sign_offs", "baseline_max_age_days", "max_waiver_days")
LONGEST_NAME = 200
LONGEST_AGE = 36_500


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Rules in the order of the file; `hash` is that of what the file says.

    `may_differ` names what else but the model may differ between the two runs. `sign_offs` are the
    roles that must approve a GO before it counts as released, each with the actors who may speak
    for it (anybody, where there are none). A baseline older than `baseline_max_age_days` is
    remarked on. No waiver may reach further than `max_waiver_days` ahead.
    """

    name: str
    criteria: tuple[Rule, ...]
    hash: str
    may_differ: tuple[Fact, ...] = ()
    judges: JudgeRules = JudgeRules()
    sign_offs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline_max_age_days: int | None = None
    max_waiver_days: int = 90

    def rule(self, name: str) -> Rule | None:
        """The rule of this name, or None."""
        return next((rule for rule in self.criteria if rule.name == name), None)


@dataclass(frozen=True, kw_only=True)
class _Settings:
    """The keys of a policy whose values stand alone."""

    may_differ: tuple[Fact, ...] = ()
    baseline_max_age_days: int | None = None
    max_waiver_days: int = 90


def load_policy(document: Document) -> Policy:
    """The policy that a document holds; without a `name` it has the file's.

    Raises InputError with every mistake and its line.

    >>> from preceptor.core.documents import parse_document
    >>> text = "criteria: [{kind: non_inferiority, margin: 0.02}]"
    >>> rule = load_policy(parse_document(text, "gate.yaml")).criteria[0]
    >>> rule.name, rule.tier, rule.criterion.confidence
    ('non_inferiority', 'critical', 0.95)
    """
    problems = document.problems()
    value = document.value if isinstance(document.value, Mapping) else {}
    if not isinstance(document.value, Mapping):
        problems.add((), f"must be a mapping with the key 'criteria', not {kind_of(document.value)}")
    report_unknown(value, KEYS, problems, ())
    name = _name(value.get("name", PurePath(document.source).stem), problems)
    rules = rules_of(value, problems)
    judges = construct(JudgeRules, value.get("judges", {}), problems, ("judges",))
    sign_offs = _sign_offs(value.get("sign_offs", []), problems)
    names = ("may_differ", "baseline_max_age_days", "max_waiver_days")
    settings = construct(_Settings, {key: value[key] for key in names if key in value}, problems)
    _check_days(value, problems)
    problems.raise_if_any()
    settings, judges = settings or _Settings(), judges or JudgeRules()
    return Policy(
        name=name,
        criteria=rules,
        hash=document.hash,
        may_differ=settings.may_differ,
        judges=judges,
        sign_offs=sign_offs,
        baseline_max_age_days=settings.baseline_max_age_days,
        max_waiver_days=settings.max_waiver_days,
    )


def _name(name: object, problems: Problems) -> str:
    if isinstance(name, str) and 0 < len(name) <= LONGEST_NAME:
        return name
    said = f"a text of {len(name):,} characters" if isinstance(name, str) else kind_of(name)
    problems.add(("name",), f"must be a text of 1 to {LONGEST_NAME} characters, not {said}")
    return ""


def _check_days(value: Mapping[str, object], problems: Problems) -> None:
    for name in ("baseline_max_age_days", "max_waiver_days"):
        days = value.get(name)
        if isinstance(days, int) and not 1 <= days <= LONGEST_AGE:
            problems.add((name,), f"is {days!r}; write a number of days from 1 to {LONGEST_AGE:,}")


def _sign_offs(value: object, problems: Problems) -> dict[str, tuple[str, ...]]:
    """Each role with the actors who may speak for it."""
    if isinstance(value, list):
        for index, role in enumerate(value):
            if not _is_name(role):
                problems.add(("sign_offs", index), f"must be the name of a role, not {role!r}")
            elif role in value[:index]:
                problems.add(("sign_offs", index), f"the role {role!r} stands twice; keep one")
        return {role: () for role in value if _is_name(role)}
    if not isinstance(value, Mapping):
        problems.add(("sign_offs",), f"must be a list of roles, or of actors by role, not {kind_of(value)}")
        return {}
    for role, actors in value.items():
        if not isinstance(actors, list) or not all(_is_name(actor) for actor in actors):
            problems.add(("sign_offs", role), "must be a list of the actors who may sign in this role ([]: anybody)")
    return {role: tuple(actors) for role, actors in value.items() if isinstance(actors, list)}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_NAME
