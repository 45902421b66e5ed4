"""The texts that an answer must rest on."""

from __future__ import annotations

from preceptor.core.json_values import JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.grading.types import Sample


def context_texts(sample: Sample, path: str) -> list[str]:
    """The passages where the path is empty; otherwise what stands at the path in the case's metadata.

    A list or an object there holds one text an element. Nothing there gives no texts.

    >>> context_texts(Sample(output="", metadata={"context": ["a", "b"]}), "context")
    ['a', 'b']
    """
    if not path:
        return list(sample.passages.values())
    found = at_path(sample.metadata, path)
    items: list[JsonValue] = (
        [*found.values()] if isinstance(found, dict) else found if isinstance(found, list) else [found]
    )
    return [text for text in map(text_of, items) if text.strip()]
