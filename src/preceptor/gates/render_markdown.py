"""Write the release-readiness report as Markdown, short enough for a comment on a pull request."""

from __future__ import annotations

from preceptor.gates.markdown_templates import markdown_environment
from preceptor.gates.report_types import ReadinessReport

MAX_REGRESSED = 5
MAX_IMPROVED = 2
MAX_UNCOMPARED = 2
MAX_SLICES = 15
MAX_MODES = 5
MAX_NOTES = 15
MAX_STEPS = 12
MAX_SIGNATURES = 20
BRIEF_CHARACTERS = 240
SAMPLE_CHARACTERS = 400


def render_markdown(report: ReadinessReport) -> str:
    """The report as GitHub-flavoured Markdown, the same text for the same report.

    Losses come first and only the first few are shown, clipped; what is left out is counted.
    Every text in it is made harmless: no markup, no mention, no link.
    """
    samples = report.samples
    groups = (
        (
            ("Worse", samples.regressed, MAX_REGRESSED),
            ("Better", samples.improved, MAX_IMPROVED),
            ("Not comparable", samples.uncompared, MAX_UNCOMPARED),
        )
        if samples
        else ()
    )
    text = (
        markdown_environment(BRIEF_CHARACTERS, SAMPLE_CHARACTERS)
        .get_template("report.md.j2")
        .render(
            report=report,
            sample_groups=groups,
            max_slices=MAX_SLICES,
            max_modes=MAX_MODES,
            max_notes=MAX_NOTES,
            max_steps=MAX_STEPS,
            max_signatures=MAX_SIGNATURES,
        )
    )
    return text.strip("\n") + "\n"
