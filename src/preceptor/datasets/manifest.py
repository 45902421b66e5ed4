"""What identifies a dataset version, and the manifest as JSON and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from pathlib import Path

from preceptor.core.construct import Problems, construct
from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.ids import content_id, plain, plain_object
from preceptor.core.json_values import JsonObject, JsonValue, as_object, parse_json
from preceptor.datasets.records_hash import RecordsHash
from preceptor.datasets.types import CheckResult, DatasetNotes, Manifest, Record

MANIFEST_FILE = "manifest.json"
# What an id always covered; what came later counts only where it says something, so that old versions keep theirs.
ALWAYS = {"name", "num_records", "splits", "kinds", "settings", "parents", "records_hash", "notes"}
ALWAYS_IN_CHECKS = {"check", "version", "settings", "num_checked", "blocks", "reason"}
ALWAYS_IN_NOTES = {"title", "description", "collection", "agreement", "limitations"}


def version_id(manifest: Manifest) -> str:
    """The id of the version that a manifest describes: the same content has the same id on any machine.

    It covers the name, every field of every record, the checks with their settings, how many
    records each objected to and what it measured, the recipe and its sources, the parents and the notes. It does
    not cover the moment, nor the bytes of the files: another version of the Parquet writer may write others.
    """
    content = _saying(manifest, ALWAYS)
    content.pop("files", None)
    content["checks"] = [_check_identity(result) for result in manifest.checks]
    content["notes"] = _saying(manifest.notes, ALWAYS_IN_NOTES)
    return content_id("dataset", content)


def hash_records(records: Iterable[Record]) -> str:
    """The hash of every field of the records, whatever their order."""
    found = RecordsHash()
    found.add(records)
    return found.hexdigest()


def manifest_text(manifest: Manifest) -> str:
    """The manifest as `manifest.json` holds it, with the id: sorted keys, indented for people."""
    content = {"id": version_id(manifest), **plain_object(manifest)}
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the version in a folder.

    Raises NotFoundError when the folder holds none, InputError when it cannot be read.
    """
    path = folder / MANIFEST_FILE
    try:
        written = as_object(parse_json(path.read_bytes()), str(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError(f"no dataset version in {str(folder)!r}: it has no {MANIFEST_FILE}") from error
    return parse_manifest({key: value for key, value in written.items() if key != "id"}, str(path))


def parse_manifest(value: JsonObject, source: str) -> Manifest:
    """The manifest that a JSON object holds; InputError, naming `source`, with every mistake."""
    problems = Problems(source)
    manifest = construct(Manifest, value, problems)
    problems.raise_if_any()
    if manifest is None:
        raise InputError(f"{source}: no manifest; restore the version")
    return manifest


def _check_identity(result: CheckResult) -> JsonObject:
    content = _saying(result, ALWAYS_IN_CHECKS)
    content.pop("findings", None)
    found = len(result.findings) if result.num_findings is None else result.num_findings
    return {**content, "num_findings": found}


def _saying(noun: Manifest | CheckResult | DatasetNotes, always: set[str]) -> dict[str, JsonValue]:
    """The fields that say something, and those that always stand."""
    content: dict[str, JsonValue] = {}
    for one in fields(noun):
        value = getattr(noun, one.name)
        if one.name in always or value != _default(one):
            content[one.name] = plain(value)
    return content


def _default(of: Field[object]) -> object:
    return of.default_factory() if of.default_factory is not MISSING else of.default
