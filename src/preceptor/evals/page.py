"""Write the page of an eval run: one HTML file with every sample, that loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from itertools import islice

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from preceptor.core import figures
from preceptor.core.json_values import JsonValue
from preceptor.core.shown_text import brief, visible
from preceptor.evals.page_rows import sample_json, script_json
from preceptor.evals.page_types import PageSlice, RunPageView

MAX_SAMPLES = 20_000
PAGE_CHARACTERS = 32_000_000
SAMPLE_CHARACTERS = 24_000
LEAST_CHARACTERS = 400
MAX_SLICES = 200
SHOWN_CHARACTERS = 600
SCRIPTS = ("page_words.js", "page_rows.js", "page_details.js", "page_table.js")


def run_page(view: RunPageView) -> str:
    """The whole page, the same text for the same view; see `iter_run_page` for a large run."""
    return "".join(iter_run_page(view))


def iter_run_page(view: RunPageView) -> Iterator[str]:
    """The page piece by piece, so that a run of any size can be written with little memory.

    At most 20,000 samples stand in it, and all their texts take about 32 million characters:
    what is cut or left out is counted and said. Every text is data, never markup.
    """
    style, script = _asset("page.css"), "".join(_asset(name) for name in SCRIPTS)
    yield from (
        _environment()
        .get_template("page.html.j2")
        .generate(
            view=view,
            style=Markup(style),  # noqa: S704 - a file of ours
            script=Markup(script),  # noqa: S704 - a file of ours
            style_hash=_csp_hash(style),
            script_hash=_csp_hash(script),
            settings=Markup(script_json(_settings(view))),  # noqa: S704 - escaped by script_json
            rows=_rows(view),
            slices=_slices_by_metric(view.slices),
            num_shown=min(view.num_samples, MAX_SAMPLES),
        )
    )


def _rows(view: RunPageView) -> Iterator[Markup]:
    room = max(LEAST_CHARACTERS, min(SAMPLE_CHARACTERS, PAGE_CHARACTERS // max(1, view.num_samples)))
    for number, sample in enumerate(islice(view.samples, MAX_SAMPLES)):
        separator = ",\n" if number else ""
        yield Markup(separator + sample_json(sample, room))  # noqa: S704 - escaped by sample_json


def _settings(view: RunPageView) -> dict[str, JsonValue]:
    """What the page's script must know beside the samples."""
    names = [metric.name for metric in view.metrics] or list(view.comparisons)
    return {
        "primary": view.run.primary,
        "metrics": [name for name in names if not name.startswith("run.")],
        "run": view.run.target,
        "baseline": view.baseline.target if view.baseline else None,
        "epochs": view.num_epochs,
    }


def _slices_by_metric(slices: tuple[PageSlice, ...]) -> dict[str, list[PageSlice]]:
    """The lowest mean first in each metric; slices without one come last."""
    grouped: dict[str, list[PageSlice]] = {}
    for part in sorted(slices, key=lambda one: (one.mean is None, one.mean or 0.0, one.name)):
        grouped.setdefault(part.metric, []).append(part)
    return {metric: parts[:MAX_SLICES] for metric, parts in grouped.items()}


def _asset(name: str) -> str:
    return files("preceptor.evals").joinpath("templates", name).read_text(encoding="utf-8")


def _csp_hash(text: str) -> str:
    """The form in which a content policy names the one script, or style, that may stand in the page."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("preceptor.evals", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {
            "figure": figures.figure,
            "signed": figures.signed,
            "small_figure": figures.small_figure,
            "interval": figures.interval_text,
            "count": figures.count,
            "percent": figures.percent,
            "round_percent": figures.round_percent,
            "p_value": figures.p_value,
            "moment": figures.moment,
            "words": figures.words,
            "duration": duration,
            "brief": lambda text: brief(text, SHOWN_CHARACTERS),
        }
    )
    return environment


def duration(span: timedelta) -> str:
    """How long something took, in the two largest units.

    >>> duration(timedelta(seconds=3725)), duration(timedelta(seconds=59))
    ('1 h 2 min', '59 s')
    """
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
