"""What a person writes for the card is kept letter by letter, and cannot swallow the figures."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.card_text import SECTIONS, check_card_text, parse_card_text, read_card_text, starter_card_text


def test_text_is_found_by_its_heading_whatever_its_case():
    text = "# Support desk\n\n## PROVENANCE\n\nOne.\n\n\n\nTwo.\n\n## Our own section\n### deeper\n* a\n"
    assert parse_card_text(text, "c.md") == {"Provenance": "One.\n\n\n\nTwo.", "Our own section": "### deeper\n* a"}


def test_a_heading_inside_a_code_block_is_no_heading():
    text = "## Splits\n```md\n## Checks\n<script>\n```\nafter"
    assert parse_card_text(text, "c.md") == {"Splits": "```md\n## Checks\n<script>\n```\nafter"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", "c.md:1: text before the first heading"),
        ("## Splits\na\n## splits\nb\n", "c.md:3: the heading 'Splits' stands twice"),
        ("## Splits\n```\nnever closed\n", "c.md:3: a code block is not closed"),
        ("## Splits\n~~~~\n~~~\n", "c.md:3: a code block is not closed; end it with ~~~~"),
        ("## Splits\nok\n<!-- hides the rest\n", "c.md:3: HTML is not allowed"),
        ("## Splits\n<details>\n", "c.md:2: HTML is not allowed"),
        ("## Splits\n`a` <b>x</b> `c`\n", "c.md:2: HTML is not allowed"),
    ],
)
def test_what_could_hide_or_imitate_figures_is_refused_with_its_line(text, said):
    with pytest.raises(InputError) as refused:
        parse_card_text(text, "c.md")
    assert said in str(refused.value)


def test_links_comparisons_and_code_are_markdown():
    text = "## Splits\n<https://example.org> and <me@example.org>, 3 < 4, `<b>`"
    assert parse_card_text(text, "c.md") == {"Splits": text.removeprefix("## Splits\n")}


def test_a_starter_holds_every_heading_and_says_nothing():
    starter = starter_card_text("support")
    assert all(f"\n## {section}\n" in starter for section in SECTIONS)
    assert parse_card_text(starter, "c.md") == {}


def test_no_file_is_no_text(tmp_path):
    assert read_card_text(tmp_path / "none.md") == {}


def test_a_file_that_is_not_text_is_refused(tmp_path):
    (tmp_path / "c.md").write_bytes(b"## Splits\n\xff")
    with pytest.raises(InputError, match="not UTF-8 text"):
        read_card_text(tmp_path / "c.md")


@pytest.mark.parametrize("body", ["<!-- hidden", "```\nnever closed", "fine\n## Checks\nall passed"])
def test_a_text_from_elsewhere_cannot_hide_or_imitate_figures_either(body):
    with pytest.raises(InputError, match="the recipe"):
        check_card_text({"Retention": "Two years.", "Responsible": body}, "the recipe")


def test_a_text_from_elsewhere_that_is_markdown_may_stand():
    check_card_text({"Retention": "Two *years*.", "retention too": "", "personal data": "None."}, "the recipe")
