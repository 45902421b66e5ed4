"""The version as Croissant 1.1 tells every other tool: files, columns, responsible-AI and provenance fields.

Formats: Croissant 1.1 and Croissant RAI 1.0 (MLCommons), W3C PROV-O for where the data comes from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.croissant_context import CONFORMS_TO, CONTEXT
from preceptor.datasets.croissant_fields import fields_of
from preceptor.datasets.croissant_rai import responsible_ai
from preceptor.datasets.manifest import version_id
from preceptor.datasets.registry_types import Registered
from preceptor.datasets.types import Composition, Manifest

CROISSANT_FILE = "croissant.json"
PARQUET = "application/x-parquet"  # the registered type, application/vnd.apache.parquet, is not read by mlcroissant 1.1
NOT_STATED = "not stated"
SPLIT_TERMS = {"train": "cr:TrainingSplit", "validation": "cr:ValidationSplit", "test": "cr:TestSplit"}
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,99}")


def croissant_text(manifest: Manifest, schemas: Mapping[str, pa.Schema], registered: Registered | None = None) -> str:
    """The text of `croissant.json`; the same manifest gives the same text.

    `manifest.files` must name the data files with their SHA-256; `schemas` are the Parquet schemas by kind.
    With `registered` the file also carries number, moment, address and maker: that one is for publishing.
    """
    content = _dataset(manifest, registered)
    content |= responsible_ai(manifest)
    content |= _provenance(manifest)
    content["distribution"] = [*_file_objects(manifest), *_file_sets(manifest)]
    content["recordSet"] = [_splits(manifest), *_record_sets(manifest, schemas)]
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def validate_croissant(folder: Path) -> tuple[str, ...]:
    """What `mlcroissant` finds wrong in a folder's `croissant.json`; empty when nothing is.

    Raises InputError when the extra `croissant` is not installed.
    """
    try:
        from mlcroissant import Dataset, ValidationError  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise InputError("validating Croissant needs mlcroissant; run `pip install 'preceptor[croissant]'`") from error
    try:
        found = Dataset(folder / CROISSANT_FILE)
    except ValidationError as error:
        return tuple(line.strip() for line in str(error).splitlines() if line.strip())
    return tuple(sorted(found.metadata.issues.errors))


def _dataset(manifest: Manifest, registered: Registered | None) -> JsonObject:
    made_of = manifest.made_of or Composition()
    number = version_id(manifest)
    content: JsonObject = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [*CONFORMS_TO],
        "name": manifest.name,
        "description": manifest.notes.description or f"{manifest.num_records} training records",
        "identifier": number,
        "citeAs": f"{manifest.notes.title or manifest.name}, dataset version {number}",
        "url": (registered.url if registered else "") or f"urn:preceptor:{number}",
        "license": _licences(made_of),
        "creator": {"@type": "sc:Organization", "name": (registered.creator if registered else "") or NOT_STATED},
        "keywords": ["preceptor", *sorted(manifest.kinds)],
    }
    if manifest.notes.title:
        content["alternateName"] = manifest.notes.title
    languages: list[JsonValue] = [*sorted(name for name in made_of.counts.get("language", {}) if name)]
    if languages:
        content["inLanguage"] = languages
    if registered and registered.number:
        content["version"] = registered.number
    if registered and registered.words:
        content["datePublished"] = registered.words[-1].at.strftime("%Y-%m-%d")
    return content


def _licences(made_of: Composition) -> list[JsonValue]:
    names = sorted(name for name in made_of.counts.get("licence", {}) if name)
    return [f"https://spdx.org/licenses/{name}" if _SPDX.fullmatch(name) else name for name in names] or [NOT_STATED]


def _provenance(manifest: Manifest) -> JsonObject:
    """What the version was derived from, by what activity, and the models that wrote in it, in PROV-O."""
    derived: list[JsonValue] = [
        {"@id": f"urn:preceptor:{parent}", "@type": "prov:Entity"} for parent in manifest.parents
    ]
    for source in manifest.sources:
        name = f"sha256:{source.sha256}" if source.sha256 else f"preceptor:{source.version or source.name}"
        derived.append({"@id": f"urn:{name}", "@type": "prov:Entity", "prov:label": source.name})
    activity: JsonObject = {"@type": "prov:Activity", "prov:label": "preceptor dataset build"}
    if manifest.recipe_hash:
        activity["prov:used"] = {"@id": f"urn:sha256:{manifest.recipe_hash}", "prov:label": "recipe"}
    generators = (manifest.made_of or Composition()).counts.get("generator", {})
    agents: list[JsonValue] = [
        {"@type": "prov:SoftwareAgent", "prov:label": name} for name in sorted(generators) if name
    ]
    content: JsonObject = {"prov:wasGeneratedBy": activity}
    if derived:
        content["prov:wasDerivedFrom"] = derived
    if agents:
        content["prov:wasAttributedTo"] = agents
    return content


def _data_paths(manifest: Manifest, kind: str = "") -> list[str]:
    start = f"data/{kind}/" if kind else "data/"
    return sorted(name for name in manifest.files if name.startswith(start))


def _file_objects(manifest: Manifest) -> Iterable[JsonObject]:
    for path in _data_paths(manifest):
        yield {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "contentUrl": path,
            "encodingFormat": PARQUET,
            "sha256": manifest.files[path],
        }


def _file_sets(manifest: Manifest) -> Iterable[JsonObject]:
    for kind in sorted(manifest.kinds):
        yield {
            "@type": "cr:FileSet",
            "@id": f"{kind}-files",
            "name": f"{kind}-files",
            "encodingFormat": PARQUET,
            "includes": f"data/{kind}/*.parquet",
        }


def _splits(manifest: Manifest) -> JsonObject:
    names = [split for split in SPLIT_TERMS if split in manifest.splits]
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/url", "dataType": "sc:URL"},
        ],
        "data": [{"splits/name": name, "splits/url": SPLIT_TERMS[name]} for name in names],
    }


def _record_sets(manifest: Manifest, schemas: Mapping[str, pa.Schema]) -> Iterable[JsonObject]:
    for kind in sorted(manifest.kinds):
        yield {
            "@type": "cr:RecordSet",
            "@id": kind,
            "name": kind,
            "description": f"{manifest.kinds[kind]} records of kind {kind}",
            "key": {"@id": f"{kind}/id"},
            "field": [_split_field(kind), *fields_of(kind, schemas[kind])],
        }


def _split_field(kind: str) -> JsonObject:
    return {
        "@type": "cr:Field",
        "@id": f"{kind}/split",
        "dataType": "sc:Text",
        "references": {"field": {"@id": "splits/name"}},
        "source": {
            "fileSet": {"@id": f"{kind}-files"},
            "extract": {"fileProperty": "fullpath"},
            # What it gives matches it too: mlcroissant applies it a second time.
            "transform": {"regex": f"^(?:.*data/{kind}/)?(train|validation|test)(?:-.*)?$"},
        },
    }
