"""Templates that write Markdown in which every text is harmless, whoever wrote it."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from preceptor.core import figures
from preceptor.core.shown_text import brief
from preceptor.gates.charts import reading
from preceptor.gates.cost_rows import COST_NAMES, cost_reading
from preceptor.gates.headline import SPOKEN, criterion_name, urgent_slices
from preceptor.gates.safe_markdown import block, html_text, inline

SIGNS = {"pass": "✅", "fail": "❌", "inconclusive": "⚠️"}


def markdown_environment(brief_characters: int, sample_characters: int) -> Environment:
    """The environment: a text becomes one harmless line, `brief` clips it, `block` shows it as it is."""
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
            "spoken": SPOKEN.__getitem__,
            "named": criterion_name,
            "urgent_slices": urgent_slices,
            "small_figure": figures.small_figure,
            "cost_name": COST_NAMES.__getitem__,
            "cost_reading": cost_reading,
            "brief": lambda text: brief(text, brief_characters),
            "html_text": lambda text: html_text(brief(text, brief_characters)),
            "block": lambda text: block(brief(text, sample_characters)) if text else "",
        }
    )
    return environment
