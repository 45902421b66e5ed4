"""The coverage map: which behaviour goal and intent each case covers, and which goals none does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from preceptor.core.errors import InputError
from preceptor.evals.types import CoverageMap, CoveredCase, CoveredGoal, EvalCase, Suite

INTENT = "intent="


def coverage_map(suites: Sequence[Suite]) -> CoverageMap:
    """The map of one or several suites; goals and cases in the order in which they stand there.

    A goal that several suites list is one goal; InputError when they mean different things by
    it. A goal that a case names and no suite lists is in the map too, without a meaning.
    """
    meanings = _meanings(suites)
    cases = [_covered(suite, case) for suite in suites for case in suite.cases]
    for case in cases:
        meanings |= {goal: "" for goal in case.goals if goal not in meanings}
    by_goal: dict[str, Counter[str]] = {goal: Counter() for goal in meanings}
    by_intent: dict[str, Counter[str]] = {}
    for case in cases:
        for goal in case.goals:
            by_goal[goal][case.purpose] += 1
        for intent in case.intents:
            by_intent.setdefault(intent, Counter())[case.purpose] += 1
    return CoverageMap(
        goals=tuple(
            CoveredGoal(name=goal, meaning=meanings[goal], num_cases=counts.total(), by_purpose=_sorted(counts))
            for goal, counts in by_goal.items()
        ),
        uncovered=tuple(goal for goal, counts in by_goal.items() if not counts),
        by_intent={intent: _sorted(by_intent[intent]) for intent in sorted(by_intent)},
        without_goal=tuple(f"{case.suite}/{case.case_id}" for case in cases if not case.goals),
        cases=tuple(cases),
    )


def _meanings(suites: Sequence[Suite]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for suite in suites:
        for goal, meaning in suite.goals.items():
            other = meanings.setdefault(goal, meaning)
            if other != meaning:
                raise InputError(
                    f"the goal {goal!r} means {meaning!r} in the suite {suite.name!r} and {other!r} in another; "
                    "make them equal, or rename one"
                )
    return meanings


def _covered(suite: Suite, case: EvalCase) -> CoveredCase:
    intents = (name.removeprefix(INTENT) for name in case.slices if name.startswith(INTENT))
    return CoveredCase(
        suite=suite.name,
        case_id=case.id,
        purpose=suite.purpose,
        goals=tuple(dict.fromkeys(case.goals)),
        intents=tuple(dict.fromkeys(intents)),
    )


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
