"""The columns of a Parquet file as Croissant fields."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from preceptor.core.json_values import JsonObject, JsonValue

# Who and what stands behind a record, in the words of PROV-O.
MEANINGS = {
    "source_ids": "prov:wasDerivedFrom",
    "source": "prov:hadPrimarySource",
    "annotators": "prov:wasAttributedTo",
    "generator": "prov:wasAttributedTo",
    "created_at": "prov:generatedAtTime",
    "licence": "sc:license",
    "language": "sc:inLanguage",
}
WORDS = {
    "id": "The hash of what is learnt from the record.",
    "metadata": "Whatever else the source said of the record, as JSON text.",
    "group": "Records of one group (a conversation, a user) stand in one split.",
    "licence": "SPDX identifier.",
    "consent": "The basis on which the data may be used.",
    "generator": "The model that wrote a synthetic record.",
    "generator_prompt": "SHA-256 of what that model was asked.",
    "annotators": "Pseudonyms.",
}


def fields_of(kind: str, schema: pa.Schema) -> Iterator[JsonObject]:
    """A field for each column, in order; a list of objects has a sub-field for each of its plain parts.

    What Croissant cannot say (lists inside lists) is left out; the Parquet files hold it.
    """
    for column in schema:
        made = _field(kind, column)
        if made is not None:
            yield made


def _field(kind: str, column: pa.Field) -> JsonObject | None:
    made: JsonObject = {"@type": "cr:Field", "@id": f"{kind}/{column.name}", "name": column.name}
    if column.name in WORDS:
        made["description"] = WORDS[column.name]
    if column.name in MEANINGS:
        made["equivalentProperty"] = MEANINGS[column.name]
    inner = column.type
    if pa.types.is_list(inner) or pa.types.is_large_list(inner):
        made |= {"isArray": True, "arrayShape": "-1"}
        inner = inner.value_type
    if pa.types.is_struct(inner):
        parts: list[JsonValue] = [_part(kind, column.name, part) for part in inner if _data_type(part.type)]
        return {**made, "subField": parts} if parts else None
    plain = _data_type(inner)
    if plain is None:
        return None
    return {**made, "dataType": plain, "source": _source(kind, column.name)}


def _part(kind: str, column: str, part: pa.Field) -> JsonObject:
    return {
        "@type": "cr:Field",
        "@id": f"{kind}/{column}/{part.name}",
        "name": part.name,
        "dataType": _data_type(part.type),
        "source": {**_source(kind, column), "transform": {"jsonPath": part.name}},
    }


def _source(kind: str, column: str) -> JsonObject:
    return {"fileSet": {"@id": f"{kind}-files"}, "extract": {"column": column}}


def _data_type(of: pa.DataType) -> str | None:
    if pa.types.is_string(of) or pa.types.is_large_string(of):
        return "sc:Text"
    if pa.types.is_boolean(of):
        return "sc:Boolean"
    if pa.types.is_integer(of):
        return "sc:Integer"
    return "sc:Float" if pa.types.is_floating(of) else None
