"""Write the release-readiness report as Markdown, short enough for a comment on a pull request."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from preceptor.gates import figures
from preceptor.gates.charts import reading
from preceptor.gates.render_html import SIGN_OFF_ROLES
from preceptor.gates.report_types import ReadinessReport
from preceptor.gates.safe_markdown import block, html_text, inline
from preceptor.gates.shown_text import brief

MAX_REGRESSED = 5
MAX_IMPROVED = 2
MAX_UNCOMPARED = 2
MAX_SLICES = 15
MAX_MODES = 5
MAX_NOTES = 15
MAX_STEPS = 12
BRIEF_CHARACTERS = 240
SAMPLE_CHARACTERS = 400
SIGNS = {"pass": "✅", "fail": "❌", "inconclusive": "⚠️"}


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
        _environment()
        .get_template("report.md.j2")
        .render(
            report=report,
            sample_groups=groups,
            max_slices=MAX_SLICES,
            max_modes=MAX_MODES,
            max_notes=MAX_NOTES,
            max_steps=MAX_STEPS,
            sign_off_roles=SIGN_OFF_ROLES,
        )
    )
    return text.strip("\n") + "\n"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("preceptor.gates", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: inline(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {
            "figure": figures.figure,
            "signed": figures.signed,
            # An interval is numbers and brackets of our own making: no backslashes needed.
            "interval": lambda value: Markup(figures.interval_text(value)),  # noqa: S704 - digits only
            "percent_interval": lambda value: Markup(figures.percent_interval(value)),  # noqa: S704 - digits only
            "count": figures.count,
            "percent": figures.percent,
            "moment": figures.moment,
            "words": figures.words,
            "reading": reading,
            "sign": SIGNS.__getitem__,
            "brief": lambda text: brief(text, BRIEF_CHARACTERS),
            "html_text": lambda text: html_text(brief(text, BRIEF_CHARACTERS)),
            "block": lambda text: block(brief(text, SAMPLE_CHARACTERS)) if text else "",
        }
    )
    return environment
