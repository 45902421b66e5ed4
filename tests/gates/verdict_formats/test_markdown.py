"""The comment fits, cannot be abused, and puts the losses first."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from preceptor.gates.report_types import VerdictView
from preceptor.gates.types import Verdict
from preceptor.gates.verdict_formats.markdown import Markdown

LONGEST_COMMENT = 65_536
LONG = "<|@&`" * 2_000


@pytest.fixture
def markdown(verdict_view):
    return Markdown().render(verdict_view)


def test_the_decision_is_the_first_line(markdown):
    assert markdown.startswith("## ❌ NO-GO · repaired against plain ")


@pytest.mark.parametrize(("verdict", "word"), [("pass", "GO"), ("fail", "NO-GO"), ("inconclusive", "INCONCLUSIVE")])
def test_the_words_are_those_that_people_say(verdict, word):
    given = Verdict(verdict=verdict, criteria=(), policy_hash="0" * 64, reason="because")
    assert re.match(rf"## \S+ {word}\n", Markdown().render(VerdictView(verdict=given)))


def test_warnings_come_first_then_lost_slices_then_criteria_then_answers(markdown):
    order = [
        "> ⚠️ the baseline is 45 days old",
        "> ⚠️ the policy was changed after the run began",
        "### Slices that regressed",
        "### Criteria",
        "### Waivers used",
        "### Answers",
        "Worse: case",
    ]
    places = [markdown.index(part) for part in order]
    assert places == sorted(places)


def test_failed_slices_stand_before_those_that_are_not_settled(markdown):
    assert markdown.index("| intent=refund") < markdown.index("| intent=tax")
    assert "| intent=billing" not in markdown
    assert "adjusted p 0.004" in markdown
    assert "| intent=tax | slices | ⚠️ inconclusive | −0.200 | [−0.300, −0.100] | 10 | 90 |" in markdown


def test_criteria_show_their_tier_their_waiver_and_what_is_not_measured(markdown):
    assert "| politeness (advisory) | ❌ fail |" in markdown
    assert "| latency | ❌ fail, waived |" in markdown
    assert "(supporting) | ⚠️ inconclusive | not measured | no interval | 118 | 1,200 |" in markdown
    assert "why slices Cases: case\\_down |" in markdown


def test_the_words_that_changed_are_marked(markdown):
    assert "<pre><del>old</del> answer " in markdown
    assert "<pre><ins>new</ins> answer " in markdown


def test_only_our_own_html_is_in_it(markdown):
    assert set(re.findall(r"</?([a-zA-Z]\w*)", markdown)) == {
        *("details", "summary", "table", "tr", "th", "td", "pre", "del", "ins"),
    }
    assert set(re.findall(r"<\w+\s[^>]*>", markdown)) <= {"<details open>"}


def test_no_mention_no_link_and_no_issue_reference(markdown):
    assert "@team" not in markdown
    assert "http://" not in markdown
    assert "#1" not in markdown


@pytest.mark.parametrize("number", [1, 30, 500])
def test_it_fits_into_a_comment_however_much_there_is(verdict_view, number):
    verdict = verdict_view.verdict
    criterion = verdict.criteria[1]
    part = replace(criterion.slices[1], name=LONG, reason=LONG)
    criterion = replace(criterion, name=LONG, reason=LONG, slices=(part,) * number, cases=(LONG,) * number)
    waiver = replace(verdict.waivers[0], by=LONG, role=LONG, reason=LONG, criterion=LONG, slice=LONG)
    sample = replace(verdict_view.samples[1], input=LONG, baseline_output=LONG, candidate_output=f"{LONG}x")
    many = replace(
        verdict,
        criteria=(criterion,) * number,
        notes=(LONG,) * number,
        waivers=(waiver,) * number,
        sign_offs=(LONG,) * number,
        policy_name=LONG,
    )
    view = VerdictView(
        verdict=many, baseline=LONG, candidate=LONG, primary="valid", samples=(sample,) * number, policy_file=LONG
    )
    text = Markdown().render(view)
    assert len(text) < LONGEST_COMMENT
    assert "more slices that do not pass are left out here." in text or number == 1


def test_every_row_of_a_table_has_as_many_cells_as_its_head(markdown):
    for table in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1


def test_a_change_far_into_a_long_answer_is_shown(verdict_view):
    """The excerpt begins where the answers part, not at their start."""
    start = "The same words in both. " * 100
    sample = replace(verdict_view.samples[1], baseline_output=f"{start}five days", candidate_output=f"{start}ten days")
    text = Markdown().render(replace(verdict_view, samples=(sample,)))
    assert "<del>five</del>" in text
    assert "<ins>ten</ins>" in text
