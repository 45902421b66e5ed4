"""Write the release-readiness report as one HTML file that loads nothing and runs nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from preceptor.core import figures
from preceptor.core.json_values import JsonObject
from preceptor.core.shown_text import ClippedText, brief, clip, visible
from preceptor.gates.charts import bar_chart, forest_plot, reading, status_strip
from preceptor.gates.cost_rows import COST_NAMES, cost_reading
from preceptor.gates.headline import SPOKEN, criterion_name, urgent_slices
from preceptor.gates.report_types import CoverageRow, DeltaRow, ReadinessReport, SampleDiff, SortedSamples
from preceptor.gates.sorted_samples import change_of
from preceptor.gates.word_diff import WordDiff, word_diff
from preceptor.triage.types import FailureMode

MAX_SAMPLES = 200
MAX_MODES = 12
MAX_SLICES = 60
SHOWN_CHARACTERS = 600
KEPT_CHARACTERS = 8_000
SETTING_CHARACTERS = 80
STATUS_CLASSES = frozenset({"ok", "model_error", "infra_error", "grader_error", "skipped", "no_result"})


class SampleView(NamedTuple):
    """One sample as it is shown: clipped texts, and the words that differ where marking helps."""

    sample: SampleDiff
    change: float | None
    input: ClippedText
    baseline: ClippedText | None
    candidate: ClippedText | None
    diff: WordDiff | None


class SampleGroup(NamedTuple):
    """Samples under one heading; `num_all` counts those that are not shown too."""

    title: str
    num_all: int
    views: tuple[SampleView, ...]
    is_opened: bool


def render_html(report: ReadinessReport) -> str:
    """The whole report as one HTML page, the same bytes for the same report.

    At most 200 samples stand in the page, losses first, each text clipped at 8,000 characters;
    what is left out is counted. Every text is escaped and its hidden characters are written out.
    """
    evidence = report.evidence
    modes = (evidence.failure_modes or ())[:MAX_MODES]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            metric_plot=forest_plot(report.metrics),
            with_margin=any(row.margin is not None for row in report.metrics),
            slice_plots=[forest_plot(table.rows[:MAX_SLICES]) for table in report.slices],
            max_slices=MAX_SLICES,
            strips=[status_strip(row) for row in report.coverage],
            shown_modes=modes,
            mode_chart=bar_chart(modes),
            sample_groups=_groups(report.samples, evidence.primary) if report.samples else (),
            axis_value=lambda value: f"{value:+g}".replace("-", figures.MINUS) if value else "0",
            axis_percent=figures.round_percent,
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("preceptor.gates", "templates"),
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
            "interval": figures.interval_text,
            "count": figures.count,
            "percent": figures.percent,
            "round_percent": figures.round_percent,
            "percent_interval": figures.percent_interval,
            "p_value": figures.p_value,
            "moment": figures.moment,
            "words": figures.words,
            "short_hash": figures.short_hash,
            "small_figure": figures.small_figure,
            "spoken": SPOKEN.__getitem__,
            "named": criterion_name,
            "urgent_slices": urgent_slices,
            "cost_name": COST_NAMES.__getitem__,
            "cost_reading": cost_reading,
            "brief": lambda text: brief(text, SHOWN_CHARACTERS),
            "settings_text": settings_text,
            "by_count": by_count,
            "status_class": _status_class,
            "described_delta": _described_delta,
            "described_mode": _described_mode,
            "described_coverage": _described_coverage,
            "zip": lambda left, right: list(zip(left, right, strict=True)),
        }
    )
    return environment


def settings_text(settings: JsonObject) -> str:
    """A criterion's settings on one line, each clipped; those left unset, and the metric, are not repeated.

    >>> settings_text({"margin": 0.02, "confidence": 0.95, "metric": None})
    'margin 0.02 · confidence 0.95'
    """
    written = (
        (name, json.dumps(value, ensure_ascii=False))
        for name, value in settings.items()
        if value is not None and name != "metric"
    )
    return " · ".join(f"{figures.words(name)} {text[:SETTING_CHARACTERS]}" for name, text in written)


def by_count(counts: dict[str, int]) -> list[tuple[str, int]]:
    """The most frequent first; ties by name.

    >>> by_count({"prompt": 2, "model": 5})
    [('model', 5), ('prompt', 2)]
    """
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _groups(samples: SortedSamples, primary: str) -> list[SampleGroup]:
    groups: list[SampleGroup] = []
    room = MAX_SAMPLES
    for title, members, is_opened in (
        ("Worse than the baseline", samples.regressed, True),
        ("Better than the baseline", samples.improved, False),
        ("Could not be compared", samples.uncompared, False),
    ):
        views = tuple(_view(sample, primary) for sample in members[:room])
        groups.append(SampleGroup(title, len(members), views, is_opened))
        room -= len(views)
    return groups


def _view(sample: SampleDiff, primary: str) -> SampleView:
    old, new = sample.baseline_output, sample.candidate_output
    is_short = old is not None and new is not None and max(len(old), len(new)) <= SHOWN_CHARACTERS
    return SampleView(
        sample=sample,
        change=change_of(sample, primary),
        input=clip(sample.input, SHOWN_CHARACTERS, KEPT_CHARACTERS),
        baseline=None if old is None else clip(old, SHOWN_CHARACTERS, KEPT_CHARACTERS),
        candidate=None if new is None else clip(new, SHOWN_CHARACTERS, KEPT_CHARACTERS),
        diff=word_diff(old or "", new or "") if is_short else None,
    )


def _status_class(status: str) -> str:
    name = status.replace(" ", "_")
    return name if name in STATUS_CLASSES else "other"


def _described_delta(row: DeltaRow) -> str:
    if row.difference is None:
        return f"{row.name}: not measured"
    margin = "" if row.margin is None else f", margin {figures.signed(-row.margin)}"
    interval = figures.interval_text(row.interval)
    return f"{row.name}: difference {figures.signed(row.difference)}, {interval}{margin}, {reading(row)}"


def _described_mode(mode: FailureMode) -> str:
    return (
        f"{figures.words(mode.category)}: {mode.num_traces} of {mode.num_total}, {figures.percent(mode.rate)}, "
        f"interval {figures.percent_interval(mode.interval)}"
    )


def _described_coverage(row: CoverageRow) -> str:
    parts: Sequence[str] = [f"{number} {figures.words(status)}" for status, number in row.counts.items() if number]
    return f"{row.side}, {row.num_cases} cases: {', '.join(parts)}"
