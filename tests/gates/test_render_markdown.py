"""The comment fits into a pull request and cannot be abused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from preceptor.gates.render_markdown import render_markdown
from preceptor.gates.report import readiness_report

LONGEST_COMMENT = 65_536


@pytest.fixture
def markdown(report_evidence):
    return render_markdown(readiness_report(report_evidence))


def test_the_verdict_is_the_first_line(markdown):
    assert markdown.startswith("## ⚠️ INCONCLUSIVE · ")


def test_only_our_own_html_is_in_it(markdown):
    tags = set(re.findall(r"</?([a-zA-Z]\w*)", markdown))
    assert tags == {"details", "summary", "table", "tr", "th", "td", "pre"}
    assert not re.search(r"<\w+\s", markdown)


def test_no_mention_no_link_and_no_issue_reference(markdown):
    assert "@team" not in markdown
    assert "http://" not in markdown
    outside_html_blocks = re.sub(r"<pre>.*?</pre>", "", markdown)
    assert "](" not in outside_html_blocks.replace("\\](", "")
    assert "#1" not in markdown


def test_every_row_of_a_table_has_as_many_cells_as_its_head(markdown):
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    widths = [len(re.findall(r"(?<!\\)\|", row)) for row in rows]
    for number, row in enumerate(rows):
        if not row.startswith("|---"):
            continue
        following = number + 1
        assert widths[number - 1] == widths[number]
        while following < len(rows) and not rows[following].startswith("|---"):
            is_next_head = following + 1 < len(rows) and rows[following + 1].startswith("|---")
            assert is_next_head or widths[following] == widths[number]
            following += 1


def test_losses_come_before_gains(markdown):
    assert markdown.index("Worse: case_down") < markdown.index("Better: case_up")


def test_missing_values_show_their_reason(markdown):
    assert (
        "| polite | not measured | not measured | not measured | no interval | not measured: every judgement"
        in markdown
    )
    assert "no scores of the metric &lt;script&gt;" in markdown


def test_it_fits_into_a_comment_however_much_there_is(report_evidence):
    long = replace(report_evidence.samples[2], input="<" * 50_000, baseline_output="&" * 50_000)
    comparison = report_evidence.comparisons["valid"]
    evidence = replace(
        report_evidence,
        samples=tuple(replace(long, case_id=f"case_{number}") for number in range(300)),
        comparisons={"valid": replace(comparison, slices=comparison.slices * 100)},
        limitations=("<" * 5_000,) * 100,
        lineage=report_evidence.lineage * 50,
    )
    text = render_markdown(readiness_report(evidence))
    assert len(text) < LONGEST_COMMENT
    assert "295 more that are worse stand in the HTML report." in text
    assert "285 more slices stand in the HTML report." in text


def test_the_same_evidence_gives_the_same_text(report_evidence, markdown):
    assert render_markdown(readiness_report(report_evidence)) == markdown


def test_a_verdict_alone_says_what_is_missing(bare_evidence):
    text = render_markdown(readiness_report(bare_evidence))
    assert "nobody has labelled yet" in text
    assert "No criterion was judged." in text


def test_notes_slices_waivers_and_sign_offs_are_told(report_evidence, verdict_view):
    evidence = replace(
        report_evidence,
        verdict=verdict_view.verdict,
        comparisons={**report_evidence.comparisons, "run.cost": report_evidence.comparisons["valid"]},
    )
    text = render_markdown(readiness_report(evidence))
    assert "> ⚠️ the policy was changed after the run began" in text
    assert "| politeness (advisory) | ❌ fail |" in text
    assert "| latency | ❌ fail, waived |" in text
    assert "- intent=refund" in text
    assert "| Cost, US dollars | 0.4 | 0.48 | 0.08 | more | 118 |" in text
    assert "- latency (used): Ada" in text
    assert "- engineering: not signed" in text
    assert "Not released: it is NO-GO, and only a GO can be approved." in text
