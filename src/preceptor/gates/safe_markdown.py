"""Foreign text made harmless in Markdown: no markup, no link, no mention, one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup, escape

from preceptor.core.shown_text import visible
from preceptor.gates.word_diff import Segment

PUNCTUATION = re.compile(r"([\\`*_\[\]|~$])")
LIST_START = re.compile(r"^([-+](?=[\s-]|$)|\d+(?=[.)](?:\s|$)))")
# A word joiner would be invisible as well, but breaks lines badly; a zero-width space does both jobs.
BREAK = "\N{ZERO WIDTH SPACE}"
AUTOLINKS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[@#])|(?<=GH)(?=-\d)", re.IGNORECASE)


def inline(text: str) -> Markup:
    r"""The text on one line, as it reads, whatever it holds.

    HTML is escaped, Markdown's own characters get a backslash, and a zero-width space breaks
    what a forge would turn into a mention, an issue reference or a link.

    >>> inline("<b>|x_y")
    Markup('&lt;b&gt;\\|x\\_y')
    """
    flat = " ".join(visible(text).split())
    marked = PUNCTUATION.sub(r"\\\1", AUTOLINKS.sub(BREAK, flat))
    return Markup(escape(LIST_START.sub(_quoted, marked)))  # noqa: S704 - escaped here, in this very call


def html_text(text: str) -> Markup:
    """The text on one line inside an HTML element, where Markdown has no backslashes.

    >>> html_text("<b> a_b")
    Markup('&lt;b&gt; a_b')
    """
    return escape(AUTOLINKS.sub(BREAK, " ".join(visible(text).split())))


def marked_block(segments: Sequence[Segment], mark: Literal["del", "ins"]) -> Markup:
    """A `pre` as `block` gives, in which what only this side has is struck out or underlined.

    >>> marked_block((Segment("same", "in "), Segment("only", "<5> days")), "ins")
    Markup('<pre>in <ins>&lt;5&gt; days</ins></pre>')
    """
    shown = Markup().join(
        Markup(f"<{mark}>{{}}</{mark}>").format(_in_block(part.text))  # noqa: S704 - one of two tags of our own
        if part.kind == "only"
        else _in_block(part.text)
        for part in segments
    )
    return Markup("<pre>{}</pre>").format(shown)


def block(text: str) -> Markup:
    """The text as an HTML `pre` that a forge shows as it is, line breaks and all.

    >>> block("a <b>")
    Markup('<pre>a &lt;b&gt;</pre>')
    """
    return Markup("<pre>{}</pre>").format(_in_block(text.strip("\n")))


def _in_block(text: str) -> Markup:
    # Blank lines would end the HTML around it, and a line break inside a cell of it is kept as an entity.
    return escape(AUTOLINKS.sub(BREAK, visible(text))).replace("\n", Markup("&#10;"))


def _quoted(match: re.Match[str]) -> str:
    return f"{match[1]}\\" if match[1].isdigit() else f"\\{match[1]}"
