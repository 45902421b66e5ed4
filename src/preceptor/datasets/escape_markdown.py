"""Text as Markdown that shows it as it is."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*\[\]<>|~$]|(?<!\w)_|_(?!\w)|^[-+#=])")  # an underscore inside a word is plain
_LIST_NUMBER = re.compile(r"^(\d+)([.)])(?= |$)")


def escape_markdown(text: str) -> str:
    r"""The text on one line with no character that Markdown would read as markup.

    >>> print(escape_markdown("# see [here](http://x)\n| then *my_name*"))
    \# see \[here\](http://x) \| then \*my_name\*
    """
    marked = _MARKUP.sub(r"\\\1", one_line(text).replace("&", "&amp;"))
    return _LIST_NUMBER.sub(r"\1\\\2", marked)


def one_line(text: str) -> str:
    """The text with every run of white space, and everything that does not print, as one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
