"""Foreign text made harmless in Markdown: no markup, no link, no mention, one line."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from preceptor.gates.shown_text import visible

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


def block(text: str) -> Markup:
    """The text as an HTML `pre` that a forge shows as it is, line breaks and all.

    >>> block("a <b>")
    Markup('<pre>a &lt;b&gt;</pre>')
    """
    # Blank lines would end the HTML around it, and a line break inside a cell of it is kept as an entity.
    shown = escape(AUTOLINKS.sub(BREAK, visible(text).strip("\n"))).replace("\n", Markup("&#10;"))
    return Markup("<pre>{}</pre>").format(shown)


def _quoted(match: re.Match[str]) -> str:
    return f"{match[1]}\\" if match[1].isdigit() else f"\\{match[1]}"
