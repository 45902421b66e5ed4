"""The taxonomy: which failures are looked for, by which graders and detectors, and how grave they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from preceptor.core.construct import Path, Problems, construct, kind_of, report_unknown
from preceptor.core.documents import Document
from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.build import build_graders
from preceptor.grading.grader import Grader, ModelGrader
from preceptor.triage.detector import Detector, detectors
from preceptor.triage.types import Category

KEYS = ("graders", "detectors", "categories")


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """Graders by metric, detectors in their order, categories by name; `hash` is that of the file's content."""

    graders: dict[str, Grader | ModelGrader] = field(default_factory=dict)
    detectors: tuple[Detector, ...] = ()
    categories: dict[str, Category] = field(default_factory=dict)
    hash: str = content_hash({})


def load_taxonomy(document: Document) -> Taxonomy:
    r"""The taxonomy in a document; InputError with every mistake and its line.

    A detector's category need not be listed: what it finds then has an unknown severity. A
    metric that a detector reads must have a grader, or the detector would never find anything.

    >>> from preceptor.core.documents import parse_document
    >>> text = "detectors: [{kind: truncated}]\ncategories: [{name: truncated, severity: P2}]"
    >>> load_taxonomy(parse_document(text, "taxonomy.yaml")).categories["truncated"].severity
    'P2'
    """
    problems = document.problems()
    if not isinstance(document.value, dict):
        problems.add((), f"must be a mapping with {', '.join(KEYS)}, not {kind_of(document.value)}")
        problems.raise_if_any()
        return Taxonomy()
    report_unknown(document.value, KEYS, problems, ())
    graders = build_graders(_entries_by_metric(document.value, problems), problems, ("graders",))
    taxonomy = Taxonomy(
        graders=graders,
        detectors=_detectors(document.value, problems),
        categories=_categories(document.value, problems),
        hash=document.hash,
    )
    problems.raise_if_any()
    return taxonomy


def _entries_by_metric(value: JsonObject, problems: Problems) -> dict[str, JsonObject]:
    written = value.get("graders")
    if written is None:
        return {}
    if not isinstance(written, dict):
        problems.add(("graders",), f"must be a mapping from metric to grader, not {kind_of(written)}")
        return {}
    entries: dict[str, JsonObject] = {}
    for metric, entry in written.items():
        if isinstance(entry, dict):
            entries[metric] = entry
        else:
            problems.add(("graders", metric), f"must be a grader's kind and settings, not {kind_of(entry)}")
    return entries


def _detectors(value: JsonObject, problems: Problems) -> tuple[Detector, ...]:
    metrics = value.get("graders")
    known = set(metrics) if isinstance(metrics, dict) else set()
    made: list[Detector] = []
    for index, entry in enumerate(_list(value, "detectors", problems)):
        at: Path = ("detectors", index)
        detector = _detector(entry, problems, at)
        if detector is None:
            continue
        metric = getattr(detector, "metric", None)
        if metric is not None and metric not in known:
            there = ", ".join(sorted(known)) or "none"
            problems.add((*at, "metric"), f"no grader scores {metric!r}; under `graders` there are: {there}")
        made.append(detector)
    return tuple(made)


def _detector(entry: JsonValue, problems: Problems, at: Path) -> Detector | None:
    if not isinstance(entry, Mapping):
        problems.add(at, f"must be a detector's kind and settings, not {kind_of(entry)}")
        return None
    kind = entry.get("kind")
    if not isinstance(kind, str):
        problems.add(at, f"'kind' is missing; name a detector: {', '.join(detectors.names())}")
        return None
    return detectors.construct(kind, {key: item for key, item in entry.items() if key != "kind"}, problems, at)


def _categories(value: JsonObject, problems: Problems) -> dict[str, Category]:
    found: dict[str, Category] = {}
    for index, entry in enumerate(_list(value, "categories", problems)):
        at: Path = ("categories", index)
        category = construct(Category, entry, problems, at)
        if category is not None and category.name in found:
            problems.add((*at, "name"), f"the category {category.name!r} stands twice; keep one")
        elif category is not None:
            found[category.name] = category
    return found


def _list(value: JsonObject, key: str, problems: Problems) -> list[JsonValue]:
    written = value.get(key)
    if written is None:
        return []
    if not isinstance(written, list):
        problems.add((key,), f"must be a list, not {kind_of(written)}")
        return []
    return written
