"""Where a call that a model made differs from a wanted one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from preceptor.core.json_values import JsonObject
from preceptor.grading.calls_made import MadeCall
from preceptor.grading.calls_wanted import WantedCall
from preceptor.grading.declared_types import missing_required, properties_of, type_difference
from preceptor.grading.output_part import shown
from preceptor.grading.value_difference import Comparison, Difference, choice_difference, one_of
from preceptor.grading.value_pattern import Fields
from preceptor.models.types import Tool


@dataclass(frozen=True, kw_only=True)
class CallRules:
    """How calls are compared; `unnamed_arguments` `declared` accepts those the tool declares, of their type."""

    comparison: Comparison
    unnamed_arguments: Literal["refused", "declared"] = "refused"


def call_difference(made: MadeCall, wanted: WantedCall, tool: Tool | None, rules: CallRules) -> str:
    """The first difference in words; empty where the call is the wanted one.

    The target decides: a value it allows is right even if the tool's schema says another
    type. The schema adds that a required argument must be there, and says the type of a
    wrong value.
    """
    if made.name != wanted.name:
        return f"got a call of {made.name!r}, wanted {wanted.name!r}"
    if made.arguments is None:
        return f"{made.name}: {made.problem}"
    if wanted.arguments is None:
        return ""
    schema = tool.parameters if tool else {}
    found = _arguments_difference(made.arguments, wanted.arguments, schema, rules)
    return f"{made.name}: {found.text}" if found else ""


def _arguments_difference(
    arguments: JsonObject, wanted: Fields, schema: JsonObject, rules: CallRules
) -> Difference | None:
    missing = missing_required(arguments, schema)
    if missing is not None:
        known = wanted.choices.get(missing)
        return Difference((missing,), "nothing", one_of(known.values) if known else "a value; it is required")
    for name, choice in wanted.choices.items():
        if name not in arguments and not choice.is_optional:
            return Difference((name,), "nothing", one_of(choice.values))
    declared = properties_of(schema)
    for name, choice in wanted.choices.items():
        found = choice_difference(arguments[name], choice, rules.comparison, (name,)) if name in arguments else None
        if found:
            wrong_type = type_difference(arguments[name], declared.get(name), (name,))
            return found if wrong_type is None else found._replace(wanted=f"{found.wanted} ({wrong_type.wanted})")
    return _unnamed_difference({k: v for k, v in arguments.items() if k not in wanted.choices}, declared, rules)


def _unnamed_difference(arguments: JsonObject, declared: JsonObject, rules: CallRules) -> Difference | None:
    for name, value in arguments.items():
        if rules.unnamed_arguments == "refused" or name not in declared:
            return Difference((name,), shown(value), "no such argument")
        found = type_difference(value, declared[name], (name,))
        if found:
            return found
    return None
