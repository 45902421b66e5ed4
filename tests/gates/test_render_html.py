"""The page is whole, harmless and says what is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from preceptor.gates.headline import SPOKEN
from preceptor.gates.render_html import MAX_SAMPLES, render_html
from preceptor.gates.report import readiness_report
from preceptor.gates.types import SignOff
from preceptor.governance.types import AuditProblem, AuditReport

VOID = {"meta", "br"}
LINKS = {"href", "src", "srcset", "action", "data", "poster", "xlink:href", "style", "background"}


class Page(HTMLParser):
    """The page's tags, attributes and text; notes each tag that is not closed in order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.mistakes, self.tags, self.attributes, self.text = [], [], [], [], []
        self.feed(page)
        self.close()
        self.mistakes += [f"{tag} is never closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"{tag} is closed at {self.getpos()} but not open")

    def handle_data(self, text):
        self.text.append(text)


@pytest.fixture
def html(report_evidence):
    return render_html(readiness_report(report_evidence))


def test_every_tag_is_closed_in_order(html, bare_evidence):
    assert Page(html).mistakes == []
    assert Page(render_html(readiness_report(bare_evidence))).mistakes == []


def test_hostile_text_is_only_text(html):
    """The evidence holds script and image tags in every text: none of them is a tag of the page."""
    page = Page(html)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "<script>alert('x')</script>" in "".join(page.text)


def test_nothing_is_loaded_from_outside(html):
    page = Page(html)
    links = [value for _, name, value in page.attributes if name in LINKS]
    assert links
    assert all(re.fullmatch(r"#[\w-]+", link) for link in links)
    assert not {"link", "iframe", "object", "embed", "form", "base"} & set(page.tags)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "@import" not in style
    assert set(re.findall(r"url\((.)", style)) <= {"#"}


def test_a_strict_content_policy_is_set(html):
    policy = next(value for tag, _, value in Page(html).attributes if tag == "meta" and "default-src" in str(value))
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_links_within_the_page_lead_somewhere(html):
    attributes = Page(html).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    wanted = {value[1:] for _, name, value in attributes if name == "href"}
    wanted |= {value for _, name, value in attributes if name == "aria-labelledby"}
    assert wanted <= set(ids)


def test_header_cells_and_charts_are_named_for_screen_readers(html):
    attributes = Page(html).attributes
    page = Page(html)
    assert page.tags.count("th") == sum(name == "scope" for _, name, _ in attributes)
    images = [value for tag, name, value in attributes if tag == "svg" and name == "role"]
    named = [value for tag, name, value in attributes if tag == "svg" and name == "aria-label"]
    assert len(images) == len(named) > 0
    assert "valid: difference +0.080, [0.010, 0.150], margin −0.020, better" in named


def test_a_value_that_is_missing_shows_its_reason(html):
    text = " ".join("".join(Page(html).text).split())
    assert "not measured" in text
    assert "no scores of the metric <script>" in text
    assert "every judgement failed" in text
    assert "no suite was given" in text


def test_a_missing_part_says_why(bare_evidence):
    text = "".join(Page(render_html(readiness_report(bare_evidence))).text)
    assert "nobody has labelled yet" in text
    assert "it was not part of the evidence for this report" in text


def test_every_rate_of_a_failure_mode_has_its_interval_and_n(html):
    text = " ".join(" ".join(Page(html).text).split())
    assert "25.0% [18.0%, 34.0%] 30 of 120" in text


def test_losses_come_before_gains(html):
    order = [html.index(f"<summary>{case}<") for case in ("case_down", "case_a_little_down", "case_up", "case_lost")]
    assert order == sorted(order)
    assert "case_same" not in html


def test_the_same_evidence_gives_the_same_bytes(report_evidence, html):
    assert render_html(readiness_report(report_evidence)).encode() == html.encode()


@pytest.mark.parametrize("decision", ["pass", "fail", "inconclusive"])
def test_the_verdict_is_the_first_thing_said(report_evidence, decision):
    verdict = replace(report_evidence.verdict, verdict=decision)
    html = render_html(readiness_report(replace(report_evidence, verdict=verdict)))
    assert f"<title>{SPOKEN[decision]} · " in html
    assert re.search(rf'<p class="word"><svg.*</svg>{SPOKEN[decision]}</p>', html)
    assert html.index('<p class="word">') < html.index("<section")


def test_a_page_of_many_long_samples_stays_bounded_and_says_what_is_left_out(report_evidence):
    """500 samples of 100,000 characters: 200 are shown, each text kept up to 8,000 characters."""
    lost = report_evidence.samples[2]
    samples = tuple(
        replace(lost, case_id=f"case_{number:04d}", input="é\n" * 50_000, baseline_output="b" * 100_000)
        for number in range(500)
    )
    html = render_html(readiness_report(replace(report_evidence, samples=samples)))
    assert html.count("<summary>case_") == MAX_SAMPLES
    assert "300 more are kept with the runs and not shown on this page." in html
    assert "92,000 more characters are kept with the run." in html
    assert len(html) < 6_000_000


def test_words_that_changed_are_marked(report_evidence):
    changed = replace(report_evidence.samples[2], baseline_output="in five days", candidate_output="in <b> days")
    html = render_html(readiness_report(replace(report_evidence, samples=(changed,))))
    assert "<pre>in <del>five</del> days</pre>" in html
    assert "<pre>in <ins>&lt;b&gt;</ins> days</pre>" in html


def test_an_audit_log_that_does_not_verify_is_loud(report_evidence):
    audit = AuditReport(num_entries=3, root="d" * 64, problems=(AuditProblem(sequence=2, problem="it was changed"),))
    html = render_html(readiness_report(replace(report_evidence, audit=audit)))
    assert "The log does not verify." in html
    assert "Entry 2: it was changed" in html


def test_the_command_that_verifies_the_audit_log_is_there(html):
    assert f"preceptor audit verify --root {'d' * 64}" in html


def test_agreement_that_is_undefined_says_why(report_evidence):
    agreement = replace(report_evidence.labels.agreement, value=None, interval=None, reason="every answer is the same")
    labels = replace(report_evidence.labels, agreement=agreement)
    html = render_html(readiness_report(replace(report_evidence, labels=labels)))
    assert "is not defined: every answer is the same" in html


@pytest.fixture
def release_html(report_evidence, verdict_view):
    """A NO-GO with slices, a waiver, sign-offs, notes and costs."""
    latency = replace(report_evidence.comparisons["valid"], slices=())
    sign_off = SignOff(
        id="s",
        verdict_id="v",
        role="engineering",
        by="Ada",
        decision="approve",
        remark="read it",
        at=verdict_view.verdict.decided_at,
    )
    evidence = replace(
        report_evidence,
        verdict=verdict_view.verdict,
        sign_offs=(sign_off,),
        comparisons={**report_evidence.comparisons, "run.latency_seconds": latency},
    )
    return render_html(readiness_report(evidence))


def test_a_full_release_is_whole_and_harmless(release_html):
    page = Page(release_html)
    assert page.mistakes == []
    assert not {"script", "img"} & set(page.tags)


def test_notes_tiers_slices_waivers_and_sign_offs_are_shown(release_html):
    text = "".join(Page(release_html).text)
    for said in (
        "the policy was changed after the run began",
        "supporting · non inferiority on valid",
        "adjusted p 0.004, Holm",
        "the new region opens on Monday",
        "Not released: it is NO-GO, and only a GO can be approved.",
        "approved",
        "not signed",
        "Latency, seconds",
    ):
        assert said in text


def test_a_verdict_without_waivers_and_sign_offs_says_so(bare_evidence):
    text = render_html(readiness_report(bare_evidence))
    assert "No waiver stands" in text
    assert "The policy asks for no sign-off" in text
