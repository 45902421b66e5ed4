"""What identifies a dataset version, and the manifest as JSON and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from preceptor.core.construct import Problems, construct
from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.ids import canonical_json, content_id, plain_object
from preceptor.core.json_values import JsonObject, JsonValue, as_object, parse_json
from preceptor.datasets.types import CheckResult, Manifest, Record

MANIFEST_FILE = "manifest.json"


def version_id(manifest: Manifest) -> str:
    """The id of the version that a manifest describes: the same content has the same id on any machine.

    It covers the name, every field of every record, the checks with their settings and how many
    records each objected to, the settings, the parents and the notes. It does not cover the moment,
    nor the bytes of the files: another version of the Parquet writer may write others.
    """
    content = plain_object(manifest)
    del content["files"]
    content["checks"] = [_check_identity(result) for result in manifest.checks]
    return content_id("dataset", content)


def hash_records(records: Iterable[Record]) -> str:
    """SHA-256 over the records' canonical JSON, a line each, in the order given."""
    digest = hashlib.sha256()
    for record in records:
        digest.update(canonical_json(record) + b"\n")
    return digest.hexdigest()


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


def _check_identity(result: CheckResult) -> dict[str, JsonValue]:
    content: dict[str, JsonValue] = {
        field.name: getattr(result, field.name) for field in fields(result) if field.name != "findings"
    }
    return {**content, "num_findings": len(result.findings)}
