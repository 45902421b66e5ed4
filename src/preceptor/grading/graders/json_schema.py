"""The output is JSON of the wanted shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import jsonschema
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from referencing import Registry

from preceptor.core.construct import path_text
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path, parse_json
from preceptor.grading.output_part import only_fenced_block
from preceptor.grading.types import Sample, Score

MAX_ERRORS_SHOWN = 20
MAX_ERRORS_KEPT = 200
MAX_MESSAGE_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class JsonSchema:
    """1 when the output is JSON that the schema accepts (draft 2020-12 unless `$schema` says another).

    By default the output must be JSON and nothing else; with `extract: fenced` it may be the
    one fenced code block in other text. `path` checks a value inside. References to other
    documents are not fetched. The details list each error's place and the schema's keyword that it breaks.

    >>> shape = {"type": "object", "required": ["answer"], "properties": {"answer": {"type": "string"}}}
    >>> JsonSchema(schema=shape).grade(Sample(output='{"answer": 5}')).reason
    "answer: 5 is not of type 'string'"
    """

    version: ClassVar[int] = 1
    schema: JsonObject
    extract: Literal["none", "fenced"] = "none"
    path: str = ""

    def __post_init__(self) -> None:
        try:
            type(self._validator).check_schema(self.schema)
        except SchemaError as error:
            place = f" at {path_text(tuple(error.absolute_path))}" if error.absolute_path else ""
            raise InputError(f"schema is not a JSON schema{place}: {error.message}") from error
        known = {identifier.rstrip("#") for identifier in _values_of("$id", self.schema)}
        for reference in _values_of("$ref", self.schema):
            if reference.partition("#")[0] not in {"", *known}:
                raise InputError(f"schema refers to {reference!r}, which is not fetched; put that shape under $defs")

    def grade(self, sample: Sample) -> Score:
        """1, or 0 with every place where the output differs from the schema."""
        text = only_fenced_block(sample.output) if self.extract == "fenced" else None
        try:
            value = parse_json((text or sample.output).strip())
        except InputError as error:
            return Score(value=0.0, reason=f"the output is {error}")
        part = at_path(value, self.path) if self.path else value
        errors = sorted(self._validator.iter_errors(part), key=_place)
        return Score(value=0.0 if errors else 1.0, reason=_reason(errors), details=_details(errors))

    @cached_property
    def _validator(self) -> Validator:
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


def _place(error: ValidationError) -> list[tuple[int, str]]:
    # Elements of a list by their number: the tenth stands behind the second.
    return [(at, "") if isinstance(at, int) else (-1, str(at)) for at in error.absolute_path]


def _details(errors: Sequence[ValidationError]) -> JsonObject:
    if not errors:
        return {}
    kept: list[JsonObject] = [
        {
            "path": path_text(tuple(error.absolute_path)),
            "keyword": str(error.validator),
            "message": error.message[:MAX_MESSAGE_CHARACTERS],
        }
        for error in errors[:MAX_ERRORS_KEPT]
    ]
    return {"num_errors": len(errors), "errors": [*kept]}


def _reason(errors: Iterable[ValidationError]) -> str:
    texts = [
        f"{path_text(tuple(error.absolute_path)) or 'the whole'}: {error.message[:MAX_MESSAGE_CHARACTERS]}"
        for error in errors
    ]
    more = [f"and {len(texts) - MAX_ERRORS_SHOWN} more"] if len(texts) > MAX_ERRORS_SHOWN else []
    return "; ".join([*texts[:MAX_ERRORS_SHOWN], *more])
