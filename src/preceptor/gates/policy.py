"""A gate policy: the criteria a release must meet, read from a file that people review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from preceptor.core.construct import Path, Problems, kind_of, report_unknown
from preceptor.core.documents import Document
from preceptor.gates.criterion import Criterion, criteria


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Criteria in the order of the file; `hash` is that of what the file says."""

    name: str
    criteria: tuple[Criterion, ...]
    hash: str


def load_policy(document: Document) -> Policy:
    """The policy that a document holds; without a `name` it has the file's.

    Raises InputError with every mistake and its line.

    >>> from preceptor.core.documents import parse_document
    >>> text = "criteria: [{kind: non_inferiority, margin: 0.02}]"
    >>> load_policy(parse_document(text, "gate.yaml")).criteria[0].confidence
    0.95
    """
    problems = document.problems()
    value = document.value if isinstance(document.value, Mapping) else {}
    if not isinstance(document.value, Mapping):
        problems.add((), f"must be a mapping with the key 'criteria', not {kind_of(document.value)}")
    report_unknown(value, ("name", "criteria"), problems, ())
    name = value.get("name", PurePath(document.source).stem)
    if not isinstance(name, str) or not name:
        problems.add(("name",), f"must be a text, not {kind_of(name)}")
    found = _criteria(value, problems)
    problems.raise_if_any()
    return Policy(name=str(name), criteria=tuple(found), hash=document.hash)


def _criteria(value: Mapping[str, object], problems: Problems) -> list[Criterion]:
    entries = value.get("criteria")
    if not isinstance(entries, list) or not entries:
        if not problems.found or value:
            problems.add(("criteria",), "write a list of at least one criterion, each with its 'kind'")
        return []
    made = (_criterion(entry, problems, ("criteria", index)) for index, entry in enumerate(entries))
    return [criterion for criterion in made if criterion is not None]


def _criterion(entry: object, problems: Problems, at: Path) -> Criterion | None:
    if not isinstance(entry, Mapping):
        problems.add(at, f"must be a mapping with the key 'kind', not {kind_of(entry)}")
        return None
    kind = entry.get("kind")
    if not isinstance(kind, str):
        problems.add(at, f"'kind' is missing; there are: {', '.join(criteria.names())}")
        return None
    settings = {key: value for key, value in entry.items() if key != "kind"}
    return criteria.construct(kind, settings, problems, at)
