"""The dataset card: what a person and the Hugging Face hub need to know of a version."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preceptor.datasets import card_rows
from preceptor.datasets.card_text import SECTIONS, check_card_text
from preceptor.datasets.changelog import changelog_markdown
from preceptor.datasets.data_files import files_of
from preceptor.datasets.escape_markdown import escape_markdown, one_line
from preceptor.datasets.manifest import version_id
from preceptor.datasets.registry_types import Registered
from preceptor.datasets.types import Composition, Manifest

SIZE_CATEGORIES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


class _Markdown(str):
    """Text that is Markdown already: what a person wrote, or what was escaped before."""

    __slots__ = ()


def render_card(manifest: Manifest, registered: Registered | None = None) -> str:
    """The text of `README.md`: YAML front matter, then the card in Markdown.

    Every value is escaped, so nothing that a record or a note says can become markup or a link; only
    `manifest.notes.text`, which a person wrote for the card, stands as it is, under its headings. With
    `registered` the card also says what the registry knows: that one is for publishing, since a version's own
    folder must not change when its stage does. Raises InputError for a text that could hide the figures.
    """
    check_card_text(manifest.notes.text, f"the card of {manifest.name}")
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # noqa: S701 - the card is Markdown, not HTML; `finalize` escapes every value for it
        finalize=_escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    body = environment.get_template("card.md.jinja").render(
        manifest=manifest,
        version_id=version_id(manifest),
        registered=registered,
        changelog=_Markdown(changelog_markdown(registered.changelog, level=3)) if registered else "",
        **_figures(manifest),
        **_texts(manifest),
    )
    return f"---\n{front_matter(manifest)}---\n\n{_with_texts(body, manifest)}"


def front_matter(manifest: Manifest) -> str:
    """The YAML that `datasets.load_dataset` and the hub read: one config a kind, the files of each split."""
    made_of = manifest.made_of or Composition()
    licences = sorted(one_line(name).lower() for name in made_of.counts.get("licence", {}) if name)
    content = {
        "pretty_name": one_line(manifest.notes.title or manifest.name),
        "license": (licences[0] if len(licences) == 1 else licences) or "unknown",
        "language": sorted(one_line(name) for name in made_of.counts.get("language", {}) if name),
        "size_categories": [size_category(manifest.num_records)],
        "task_categories": ["text-generation"],
        "tags": ["preceptor", *(["synthetic"] if card_rows.num_synthetic(made_of) else []), *sorted(manifest.kinds)],
        "configs": [
            {
                "config_name": kind,
                "data_files": [
                    {"split": split, "path": files_of(manifest, kind, split)} for split in sorted(made_of.splits[kind])
                ],
            }
            for kind in sorted(made_of.splits)
        ],
    }
    if not content["language"]:
        del content["language"]
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def size_category(num_records: int) -> str:
    """The hub's word for a size.

    >>> size_category(999), size_category(1000), size_category(5_000_000)
    ('n<1K', '1K<n<10K', 'n>1M')
    """
    return next((name for limit, name in SIZE_CATEGORIES if num_records < limit), "n>1M")


def _figures(manifest: Manifest) -> dict[str, object]:
    made_of = manifest.made_of or Composition()
    privacy = card_rows.privacy_checks(manifest)
    return {
        "made_of": made_of,
        "rows": lambda name: card_rows.count_rows(made_of, name, manifest.num_records),
        "label_fields": sorted(name for name in made_of.counts if name.startswith("metadata.")),
        "kind_rows": card_rows.kind_rows,
        "check_rows": card_rows.check_rows,
        "figure_rows": card_rows.figure_rows,
        "licence_fit": card_rows.licence_fit,
        "found": card_rows.found,
        "num_synthetic": card_rows.num_synthetic(made_of),
        "has_findings": any(name.startswith("checks/") for name in manifest.files),
        "privacy": privacy,
        "has_privacy_check": any(not result.reason for result in privacy),
        "check_names": {result.check for result in manifest.checks if not result.reason},
    }


def _texts(manifest: Manifest) -> dict[str, object]:
    text = {name: manifest.notes.text.get(name, "") for name in SECTIONS}
    places = {name: _Markdown(f"\x00{place}\x00\n") for place, name in enumerate(manifest.notes.text)}
    return {
        "text": text,
        "said": lambda name: places.get(name, ""),
        "extra_sections": [(name, place) for name, place in places.items() if name not in text],
    }


def _with_texts(body: str, manifest: Manifest) -> str:
    """The body with one empty line where several stand, and then what the person wrote, letter by letter."""
    texts = list(manifest.notes.text.values())
    return re.sub(r"\x00(\d+)\x00", lambda found: texts[int(found[1])], re.sub(r"\n{3,}", "\n\n", body))


def _escaped(value: object) -> object:
    return escape_markdown(value) if isinstance(value, str) and not isinstance(value, _Markdown) else value
