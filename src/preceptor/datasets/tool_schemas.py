"""Check arguments against the JSON schema that a record declares, in bounded time: both were written by strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import cast

import jsonschema
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.exceptions import Unresolvable

from preceptor.core.construct import path_text
from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject, JsonValue, as_object, parse_json
from preceptor.grading.bounded_regex import bounded_pattern, bounded_search

MAX_SCHEMA_BYTES = 65_536
MAX_STEPS = 20_000
MAX_MESSAGE_CHARACTERS = 200
KEPT_SCHEMAS = 512

Keyword = Callable[[Validator, JsonValue, JsonValue, JsonObject], Iterator[ValidationError] | None]
_steps: ContextVar[list[int]] = ContextVar("steps")


def argument_fault(parameters: JsonObject, arguments: JsonObject) -> str | None:
    """The first place where the arguments differ from the schema (draft 2020-12), or None.

    References to other documents are not followed. Raises InputError for a schema that is none,
    has more than 64 KB, or asks for more than 20,000 steps.

    >>> shape = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}
    >>> argument_fault(shape, {"number": "12"})
    "number: '12' is not of type 'integer'"
    """
    written = canonical_json(parameters)
    if len(written) > MAX_SCHEMA_BYTES:
        raise InputError(f"its schema has {len(written):,} bytes, at most {MAX_SCHEMA_BYTES:,} are read")
    validator = _compiled(written)
    _steps.set([0])
    try:
        error = next(iter(validator.iter_errors(arguments)), None)
    except RecursionError as loop:
        raise InputError("its schema refers to itself without end; bound it") from loop
    except Unresolvable as unknown:
        raise InputError(f"its schema refers to {unknown.ref!r:.80}, which is not in it; add it") from unknown
    except OverflowError as large:
        raise InputError("its schema compares numbers that are too large; use smaller ones") from large
    if error is None:
        return None
    place = path_text(tuple(error.absolute_path)) or "the whole"
    return f"{place[:80]}: {error.message[:MAX_MESSAGE_CHARACTERS]}"


@lru_cache(maxsize=KEPT_SCHEMAS)
def _compiled(written: bytes) -> Validator:
    schema = as_object(_without_dialects(parse_json(written)), "the schema")
    bounded = _bounded_class()
    _steps.set([0])
    try:
        bounded.check_schema(schema)
    except SchemaError as error:
        place = f" at {path_text(tuple(error.absolute_path))[:80]}" if error.absolute_path else ""
        raise InputError(f"its schema is none{place}: {error.message[:MAX_MESSAGE_CHARACTERS]}") from error
    # An empty registry: the default one would fetch what `$ref` names from the network.
    return bounded(schema, registry=Registry())


@cache
def _bounded_class() -> type[Validator]:
    """The validator of draft 2020-12, with every keyword counted and the three that can run away replaced."""
    plain: Mapping[str, Keyword] = jsonschema.Draft202012Validator.VALIDATORS
    safer = {
        **plain,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "uniqueItems": _unique_items,
    }
    counted = {name: _counted(keyword) for name, keyword in safer.items()}
    extended = jsonschema.validators.extend(jsonschema.Draft202012Validator, counted)  # type: ignore[no-untyped-call]  # the package leaves it untyped
    return cast("type[Validator]", extended)


def _counted(keyword: Keyword) -> Keyword:
    def check(
        validator: Validator, value: JsonValue, instance: JsonValue, schema: JsonObject
    ) -> Iterator[ValidationError] | None:
        steps = _steps.get()
        steps[0] += 1
        if steps[0] > MAX_STEPS:
            raise InputError(f"its schema asks for more than {MAX_STEPS:,} steps; make it simpler")
        return keyword(validator, value, instance, schema)

    return check


def _pattern(
    _validator: Validator, value: JsonValue, instance: JsonValue, _schema: JsonObject
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and bounded_search(bounded_pattern(str(value)), instance) is None:
        yield ValidationError(f"{instance!r} does not match {value!r}")


def _pattern_properties(
    validator: Validator, value: JsonValue, instance: JsonValue, _schema: JsonObject
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict) or not isinstance(value, dict):
        return
    for pattern, shape in value.items():
        for key, item in instance.items():
            if bounded_search(bounded_pattern(pattern), key) is not None:
                yield from validator.descend(item, shape, path=key, schema_path=pattern)  # type: ignore[attr-defined]  # the protocol leaves it out


def _unique_items(
    _validator: Validator, value: JsonValue, instance: JsonValue, _schema: JsonObject
) -> Iterator[ValidationError]:
    if value and isinstance(instance, list) and len({canonical_json(item) for item in instance}) < len(instance):
        yield ValidationError(f"{instance!r} has non-unique elements")


def _without_dialects(schema: JsonValue) -> JsonValue:
    """The schema without `$schema`: naming another draft would bring its unbounded validator in."""
    if isinstance(schema, list):
        return [_without_dialects(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_dialects(value)
        for key, value in schema.items()
        if not (key == "$schema" and isinstance(value, str))
    }
