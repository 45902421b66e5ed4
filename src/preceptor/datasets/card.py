"""The dataset card: what a person and the Hugging Face hub need to know of a version."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preceptor.datasets.composition import Composition
from preceptor.datasets.manifest import version_id
from preceptor.datasets.types import Manifest

SIZE_CATEGORIES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MARKUP = re.compile(r"([\\`*\[\]<>|~$]|(?<!\w)_|_(?!\w)|^[-+#=])")  # an underscore inside a word is plain
_LIST_NUMBER = re.compile(r"^(\d+)([.)])(?= |$)")


def render_card(manifest: Manifest, made_of: Composition) -> str:
    """The text of `README.md`: YAML front matter, then the card in Markdown.

    Every value is escaped, so nothing that a record or a note says can become markup or a link.
    """
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
        made_of=made_of,
        version_id=version_id(manifest),
        personal_data=next((result for result in manifest.checks if result.check == "personal_data"), None),
    )
    return f"---\n{front_matter(manifest, made_of)}---\n\n{body}"


def front_matter(manifest: Manifest, made_of: Composition) -> str:
    """The YAML that `datasets.load_dataset` and the hub read: one config a kind, one file a split."""
    licences = sorted(_one_line(name).lower() for name in made_of.licences if name)
    content = {
        "pretty_name": _one_line(manifest.notes.title or manifest.name),
        "license": (licences[0] if len(licences) == 1 else licences) or "unknown",
        "language": sorted(_one_line(name) for name in made_of.languages if name),
        "size_categories": [size_category(manifest.num_records)],
        "task_categories": ["text-generation"],
        "tags": ["preceptor", *sorted(manifest.kinds)],
        "configs": [
            {
                "config_name": kind,
                "data_files": [
                    {"split": split, "path": data_file(kind, split)} for of, split in made_of.splits if of == kind
                ],
            }
            for kind in sorted(manifest.kinds)
        ],
    }
    if not content["language"]:
        del content["language"]
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def data_file(kind: str, split: str) -> str:
    """Where the records of a kind and split lie in the version's folder.

    >>> data_file("sft", "train")
    'data/sft/train-00000-of-00001.parquet'
    """
    return f"data/{kind}/{split}-00000-of-00001.parquet"


def size_category(num_records: int) -> str:
    """The hub's word for a size.

    >>> size_category(999), size_category(1000), size_category(5_000_000)
    ('n<1K', '1K<n<10K', 'n>1M')
    """
    return next((name for limit, name in SIZE_CATEGORIES if num_records < limit), "n>1M")


def escape_markdown(text: str) -> str:
    r"""The text on one line with no character that Markdown would read as markup.

    >>> print(escape_markdown("# see [here](http://x)\n| then *my_name*"))
    \# see \[here\](http://x) \| then \*my_name\*
    """
    marked = _MARKUP.sub(r"\\\1", _one_line(text).replace("&", "&amp;"))
    return _LIST_NUMBER.sub(r"\1\\\2", marked)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _escaped(value: object) -> object:
    return escape_markdown(value) if isinstance(value, str) else value
