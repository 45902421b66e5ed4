"""Foreign text in Markdown is text and nothing else."""

from __future__ import annotations

import pytest

from preceptor.gates.safe_markdown import block, html_text, inline, marked_block
from preceptor.gates.word_diff import Segment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", r"a \| b"),
        ("two\nlines\r\nhere", "two lines here"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("**bold** `code`", r"\*\*bold\*\* \`code\`"),
        ("[a](b)", r"\[a\](b)"),
        ("![a](b)", r"!\[a\](b)"),
        ("C:\\|", r"C:\\\|"),
        ("- item", r"\- item"),
        ("---", r"\---"),
        ("1. item", r"1\. item"),
        ("$x$", r"\$x\$"),
        ("0.083", "0.083"),
        ("+0.083", "+0.083"),
    ],
)
def test_markup_is_shown_as_it_was_written(text, shown):
    assert inline(text) == shown


@pytest.mark.parametrize("write", [inline, html_text, block])
@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("@team", "@team"),
        ("#12", "#12"),
        ("see GH-12", "GH-12"),
        ("https://evil.example", "://"),
        ("www.evil.example", "www."),
        ("me@evil.example", "@evil"),
    ],
)
def test_nothing_becomes_a_mention_or_a_link(write, text, linked):
    """A zero-width space stands inside whatever a forge would recognise."""
    assert linked not in write(text)


def test_a_block_has_no_line_end_that_could_close_the_html_around_it():
    assert block("\nfirst\n\n</pre><script>\n") == "<pre>first&#10;&#10;&lt;/pre&gt;&lt;script&gt;</pre>"


def test_marks_are_ours_and_what_is_marked_is_text():
    segments = (Segment("same", "a\n"), Segment("only", "</del><b>@team"))
    assert marked_block(segments, "del") == "<pre>a&#10;<del>&lt;/del&gt;&lt;b&gt;@\u200bteam</del></pre>"
