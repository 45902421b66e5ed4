"""Definition files (YAML or JSON): read safely, with the line of every value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TypeVar

import yaml

from preceptor.core.construct import Path, Problems, construct
from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonValue

Made = TypeVar("Made")

MAX_BYTES = 4_000_000
MAX_DEPTH = 50
STANDARD_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A definition file: its value, its name for messages, and the line of each path."""

    source: str
    value: JsonValue
    lines: dict[Path, int]

    @property
    def hash(self) -> str:
        """SHA-256 of what the file says; comments, order of keys and layout do not change it."""
        return content_hash(self.value)

    def problems(self) -> Problems:
        """A fresh list for the mistakes found in this document."""
        return Problems(self.source, self.lines)


def read_document(path: FilePath) -> Document:
    """The document in a file.

    Raises NotFoundError when there is none and InputError, with the line, when it is not YAML
    or is larger than 4 MB. Anchors, aliases and tags are refused: they make a small file
    large, or run code.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES:,} bytes; a definition file is small, split it")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {str(path)!r}: {error}") from error
    return parse_document(text, str(path))


def parse_document(text: str, source: str) -> Document:
    r"""The document in a text; the same rules as for a file.

    >>> parse_document("a:\n  - b: 1", "x.yaml").lines[("a", 0, "b")]
    2
    """
    try:
        _refuse_aliases(text, source)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f":{mark.line + 1}" if mark else ""
        raise InputError(f"{source}{line}: not YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{source}: not YAML: {error}") from error
    lines: dict[Path, int] = {}
    value = None if node is None else _value(node, (), lines, source)
    return Document(source=source, value=value, lines=lines)


def load(cls: type[Made], document: Document) -> Made:
    """The definition that a document holds; InputError with every mistake and its line.

    `cls` is a keyword-only dataclass: its fields are the keys.
    """
    problems = document.problems()
    made = construct(cls, document.value, problems)
    problems.raise_if_any()
    if made is None:
        raise InputError(f"{document.source}: empty; write the settings of a {cls.__name__}")
    return made


def _refuse_aliases(text: str, source: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            # Before the whole is read: the time of that grows with the square of the depth.
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise InputError(f"{source}:{line}: nested deeper than {MAX_DEPTH}; flatten it")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise InputError(f"{source}:{line}: anchors and aliases are not allowed; write the value out")


def _value(node: yaml.Node, at: Path, lines: dict[Path, int], source: str) -> JsonValue:
    line = node.start_mark.line + 1
    lines.setdefault(at, line)
    if len(at) > MAX_DEPTH:
        raise InputError(f"{source}:{line}: nested deeper than {MAX_DEPTH}; flatten it")
    if not node.tag.startswith(STANDARD_TAG) or node.tag.startswith(f"{STANDARD_TAG}python"):
        raise InputError(f"{source}:{line}: the tag {node.tag!r} is not allowed; write a plain value")
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*at, index), lines, source) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, at, lines, source)
    return _scalar(node, source)


def _mapping(node: yaml.MappingNode, at: Path, lines: dict[Path, int], source: str) -> JsonValue:
    found: dict[str, JsonValue] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise InputError(f"{source}:{line}: a key must be a plain text")
        key = str(key_node.value)
        if key in found:
            raise InputError(f"{source}:{line}: the key {key!r} stands twice; keep one")
        lines[(*at, key)] = line
        found[key] = _value(value_node, (*at, key), lines, source)
    return found


def _scalar(node: yaml.Node, source: str) -> JsonValue:
    line = node.start_mark.line + 1
    if node.tag == f"{STANDARD_TAG}timestamp":
        return str(node.value)
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except ValueError as error:
        raise InputError(f"{source}:{line}: {str(node.value)[:40]!r} cannot be used: {error}") from error
    if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        raise InputError(f"{source}:{line}: {node.value} is not a number that can be used; write a finite one")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise InputError(f"{source}:{line}: {node.value!r} is not a plain value; put it in quotes")
