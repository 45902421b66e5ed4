"""What a person writes for a dataset's card: Markdown in a file of the workspace, under the card's own headings.

The file is never written by a rebuild; each rebuild puts its text under the same headings of the card
that it makes. A heading that the card does not have becomes a section of its own at the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.files import explain

SECTIONS = (
    "What it is",
    "How to load",
    "Splits",
    "Provenance",
    "Collection and annotators",
    "Agreement",
    "Checks",
    "Licences",
    "Consent",
    "Personal data",
    "Synthetic data",
    "Media",
    "Withdrawn records",
    "Known limitations",
)
MAX_BYTES = 1_000_000
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_HTML = re.compile(r"<(?=[A-Za-z/!?])(?![A-Za-z][A-Za-z0-9+.-]*(?::|@))")


def read_card_text(path: Path) -> dict[str, str]:
    """The text by its heading; empty where there is no such file. The same rules as `parse_card_text`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES:,} bytes; a card's text is for people, shorten it")
        return parse_card_text(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise InputError(f"{str(path)!r} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise explain(error, path) from error


def parse_card_text(text: str, source: str) -> dict[str, str]:
    r"""The text by its heading (those of level 2), in the order of the file; empty sections are left out.

    A heading is found whatever its case. A first line of level 1 names the file and is no section.
    Raises InputError, with the line, for text before the first heading, a heading that stands twice,
    a code block that is not closed and for HTML: they could swallow or imitate the figures that follow.

    >>> parse_card_text("# Support\n\n## provenance\nFrom [our desk](https://x.org).\n\n## Splits\n", "c.md")
    {'Provenance': 'From [our desk](https://x.org).'}
    """
    sections: dict[str, list[str]] = {}
    heading, fence = "", ""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        fence = _fence_after(line, fence)
        if not fence and _is_heading(line):
            heading = _known(line[3:].strip().rstrip("#").strip())
            if heading in sections:
                raise InputError(f"{source}:{number}: the heading {heading!r} stands twice; put both texts under one")
            sections[heading] = []
        elif heading:
            _require_markdown(line, fence, f"{source}:{number}")
            sections[heading].append(line)
        elif line.strip() and not (line.startswith("# ") and number == 1):
            raise InputError(f"{source}:{number}: text before the first heading; write it under `## What it is`")
    if fence:
        raise InputError(f"{source}:{len(lines)}: a code block is not closed; end it with {fence}")
    written = {name: "\n".join(rows).strip("\n") for name, rows in sections.items()}
    return {name: body for name, body in written.items() if body.strip()}


def check_card_text(text: Mapping[str, str], source: str) -> None:
    """Nothing when texts that did not come from a card's file could stand there; InputError as above otherwise."""
    for heading, body in text.items():
        one_section = f"## {heading}\n{body}"
        if list(parse_card_text(one_section, f"{source}, {heading!r:.60}")) not in ([], [_known(heading)]):
            raise InputError(f"{source}: the text under {heading!r:.60} holds another heading; write it under its own")


def starter_card_text(name: str) -> str:
    """A file to begin with: the headings, each with nothing under it.

    >>> starter_card_text("support").splitlines()[:3]
    ['# support', '', '## What it is']
    """
    return f"# {name}\n\n" + "\n".join(f"## {section}\n" for section in SECTIONS)


def _is_heading(line: str) -> bool:
    return line.startswith("## ") and bool(line[3:].strip())


def _known(heading: str) -> str:
    """The card's own spelling of a heading, or the heading as it stands."""
    return next((name for name in SECTIONS if name.casefold() == heading.casefold()), heading)


def _fence_after(line: str, fence: str) -> str:
    """The fence of the code block that is open after this line; empty where none is."""
    found = _FENCE.match(line)
    if not found:
        return fence
    mark, rest = found.groups()
    if not fence:
        return "" if mark[0] == "`" and "`" in rest else mark
    return "" if mark[0] == fence[0] and len(mark) >= len(fence) and not rest.strip() else fence


def _require_markdown(line: str, fence: str, place: str) -> None:
    if not fence and _HTML.search(_CODE.sub("", line)):
        raise InputError(f"{place}: HTML is not allowed in a card; write Markdown, or `code` in backticks")
