"""The JSON schema of a tool's arguments: whether it is one, and what is wrong with a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from preceptor.core.construct import path_text
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, parse_json

# Imported when it is first needed: most suites have no tool, and it takes a tenth of a second.
if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MAX_ERRORS_SHOWN = 10
MAX_MESSAGE_CHARACTERS = 200


@dataclass(frozen=True)
class ArgumentSchema:
    """Checks the arguments of calls; draft 2020-12 unless `$schema` says another. InputError when it is no schema.

    >>> schema = ArgumentSchema({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]})
    >>> schema.read('{"id": 7}')
    Traceback (most recent call last):
    preceptor.core.errors.InputError: id: 7 is not of type 'string'
    >>> schema.read('{"id": "A7"}')
    {'id': 'A7'}
    """

    schema: JsonObject

    def __post_init__(self) -> None:
        from jsonschema.exceptions import SchemaError  # noqa: PLC0415 - as said above

        try:
            type(self._validator).check_schema(self.schema)
        except SchemaError as error:
            place = f" at {path_text(tuple(error.absolute_path))}" if error.absolute_path else ""
            raise InputError(f"no JSON schema{place}: {error.message[:MAX_MESSAGE_CHARACTERS]}") from error
        if self.schema.get("type", "object") != "object":
            raise InputError(f"the type of a tool's parameters is 'object', not {self.schema['type']!r}")
        known = {identifier.rstrip("#") for identifier in _values_of("$id", self.schema)}
        for reference in _values_of("$ref", self.schema):
            if reference.partition("#")[0] not in {"", *known}:
                raise InputError(f"it refers to {reference!r}, which is not fetched; put that shape under $defs")

    def read(self, arguments: str) -> JsonObject:
        """The arguments that a model wrote (nothing counts as none); InputError with all that is wrong."""
        value = parse_json(arguments.strip() or "{}")
        if not isinstance(value, dict):
            raise InputError(f"arguments must be a JSON object, not {type(value).__name__}")
        errors = [
            f"{path_text(tuple(error.absolute_path)) or 'the arguments'}: {error.message[:MAX_MESSAGE_CHARACTERS]}"
            for error in self._validator.iter_errors(value)
        ]
        if errors:
            more = [f"and {len(errors) - MAX_ERRORS_SHOWN} more"] if len(errors) > MAX_ERRORS_SHOWN else []
            raise InputError("; ".join([*sorted(errors)[:MAX_ERRORS_SHOWN], *more]))
        return value

    @cached_property
    def _validator(self) -> Validator:
        import jsonschema  # noqa: PLC0415 - as said above
        from referencing import Registry  # noqa: PLC0415 - as said above

        kind = jsonschema.validators.validator_for(self.schema, default=jsonschema.Draft202012Validator)
        # An empty registry: the default one would fetch what `$ref` names from the network.
        return kind(self.schema, registry=Registry())


def _values_of(keyword: str, schema: JsonValue) -> Iterator[str]:
    """Every text that stands under the keyword, at any depth."""
    if isinstance(schema, dict):
        value = schema.get(keyword)
        if isinstance(value, str):
            yield value
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in inner:
        yield from _values_of(keyword, part)
