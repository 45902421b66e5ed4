"""Annotations say what holds the release back, and no text can give the runner a command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.gates.report_types import VerdictView
from preceptor.gates.types import CriterionResult, Verdict
from preceptor.gates.verdict_formats.github import Github


def _kinds(text: str) -> list[str]:
    return [line.split(" ")[0] for line in text.splitlines()]


def _criteria(verdict: str, number: int) -> tuple[CriterionResult, ...]:
    return tuple(
        CriterionResult(
            kind="threshold",
            verdict=verdict,
            value=0.1,
            interval=None,
            n=5,
            required_n=None,
            reason="low",
            name=f"rule {n}",
        )
        for n in range(number)
    )


def test_failures_are_errors_doubts_are_warnings_and_what_is_waived_is_a_notice(verdict_view):
    text = Github().render(verdict_view)
    assert _kinds(text) == ["::error"] * 2 + ["::warning"] * 2 + ["::notice"] * 3
    assert "title=latency%3A fail (waived)::" in text
    assert "title=politeness%3A fail (advisory)::" in text
    assert "title=slices%3A fail::why slices Slices%3A" not in text, "only titles need their colons escaped"
    assert "title=slices%3A fail::why slices Slices: intent=refund" in text


def test_every_line_is_one_command_of_ours(verdict_view):
    """A reason with a line end and a command in it stays inside the message of its own."""
    verdict = replace(verdict_view.verdict, notes=("first\r\n::set-output name=x::owned\n::error::owned",))
    text = Github().render(replace(verdict_view, verdict=verdict))
    assert all(line.startswith(("::error title=", "::warning title=", "::notice title=")) for line in text.splitlines())
    assert "first%0A::set-output name=x::owned%0A::error::owned" in text


@pytest.mark.parametrize(
    ("verdict", "kind"), [("pass", "::notice"), ("fail", "::error"), ("inconclusive", "::warning")]
)
def test_the_first_line_is_the_verdict(verdict, kind):
    text = Github().render(
        VerdictView(verdict=Verdict(verdict=verdict, criteria=_criteria(verdict, 1), policy_hash="0" * 64))
    )
    assert text.startswith(
        f"{kind} title={'NO-GO' if verdict == 'fail' else 'GO' if verdict == 'pass' else 'INCONCLUSIVE'}::"
    )


def test_github_shows_ten_of_a_kind_so_the_tenth_counts_the_rest():
    """The verdict and 14 criteria are 15 errors: nine are shown, six are counted."""
    verdict = Verdict(verdict="fail", criteria=_criteria("fail", 14), policy_hash="0" * 64)
    lines = Github().render(VerdictView(verdict=verdict)).splitlines()
    assert len(lines) == 10
    assert lines[-1] == "::error title=6 more::They stand in the summary of this job."


def test_percent_comma_and_colon_are_escaped_in_a_title():
    view = VerdictView(
        verdict=Verdict(verdict="pass", criteria=(), policy_hash="0" * 64, reason="ok"),
        baseline="a,b",
        candidate="5%:x",
    )
    assert Github().render(view) == "::notice title=GO%3A 5%25%3Ax against a%2Cb::ok\n"
