"""The answer keeps the rules of a support policy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import text_of
from preceptor.grading.output_part import Unreadable, read_part
from preceptor.grading.policy_rule import PolicyRule
from preceptor.grading.types import Sample, Score

MAX_RULES = 200


@dataclass(frozen=True, kw_only=True)
class PolicyCheck:
    """1 when every rule that applies holds, 0 when one is broken; the details list the broken ones.

    A rule names phrases that must or must not be said, always or `when` a topic comes up, the
    domains that may be linked to, or that no personal data may be given. With
    `score_each_rule` each rule is a dimension of its own, without a score where it does not
    apply. `path` reads one value of the output's JSON. An answer longer than
    `max_characters` gets no score.

    >>> rules = (PolicyRule(id="promises", forbid=("guarantee",)),
    ...          PolicyRule(id="tax_note", when=("tax",), require=("no tax advice",), severity="P0"))
    >>> PolicyCheck(rules=rules).grade(Sample(output="We guarantee that you pay less tax.")).reason
    "P0 tax_note: lacks 'no tax advice'; P1 promises: says 'guarantee'"
    """

    version: ClassVar[int] = 1
    rules: tuple[PolicyRule, ...]
    path: str = ""
    score_each_rule: bool = False
    max_characters: int = 20_000

    def __post_init__(self) -> None:
        if not 0 < len(self.rules) <= MAX_RULES:
            raise InputError(f"there are {len(self.rules)} rules; write 1 to {MAX_RULES}")
        twice = [name for name, count in Counter(rule.id for rule in self.rules).items() if count > 1]
        if twice:
            raise InputError(f"the rule {twice[0]!r} stands twice; give each an id of its own")

    @property
    def dimension_names(self) -> tuple[str, ...]:
        """The rules' ids where each is scored."""
        return tuple(rule.id for rule in self.rules) if self.score_each_rule else ()

    def grade(self, sample: Sample) -> Score:
        """1 or 0; the reason names the broken rules, the gravest first."""
        part = read_part(sample.output, self.path)
        if isinstance(part, Unreadable):
            return Score(value=0.0, reason=part.reason)
        answer = text_of(part)
        if len(answer) > self.max_characters:
            return Score(value=None, reason=f"{len(answer):,} characters, max_characters is {self.max_characters:,}")
        question = self._question(sample)
        applying = [rule for rule in self.rules if rule.applies(answer, question)]
        said = {rule.id: rule.broken_by(answer, sample.passages.values()) for rule in applying}
        gravest = sorted((rule for rule in applying if said[rule.id]), key=lambda rule: rule.severity)
        broken: list[JsonObject] = [
            {"rule": rule.id, "severity": rule.severity, "what": said[rule.id]} for rule in gravest
        ]
        held = {rule.id: float(not said[rule.id]) for rule in applying}
        return Score(
            value=float(not broken),
            reason="; ".join(f"{rule.severity} {rule.id}: {said[rule.id]}" for rule in gravest),
            dimensions={name: held.get(name) for name in self.dimension_names},
            details={"num_applying": len(applying), "broken": [*broken]},
        )

    def _question(self, sample: Sample) -> str:
        turns = [turn.content for turn in (*sample.messages, *sample.transcript) if turn.role == "user"]
        return "\n".join(turns)[-self.max_characters :]
