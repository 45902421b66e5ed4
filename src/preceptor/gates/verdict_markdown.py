"""Write a verdict as Markdown that fits into a comment on a pull request, however much there is to say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from preceptor.gates.answer_excerpt import answer_excerpt
from preceptor.gates.headline import URGENCY, counts, headline, most_urgent_first
from preceptor.gates.markdown_templates import markdown_environment
from preceptor.gates.report_types import SampleDiff, VerdictView
from preceptor.gates.safe_markdown import block, inline, marked_block
from preceptor.gates.sorted_samples import change_of, sort_samples
from preceptor.gates.types import CriterionResult, SliceResult, Verdict
from preceptor.gates.word_diff import word_diff

LONGEST_COMMENT = 65_536
ROOM_FOR_OTHERS = 2_048
"""Left free for the mark by which the comment is found again, and for what a workflow adds."""


class Limits(NamedTuple):
    """How much of each part is shown; `brief` and `answer` are characters of one text."""

    criteria: int
    slices: int
    notes: int
    samples: int
    brief: int
    answer: int


LIMITS = (
    Limits(criteria=40, slices=20, notes=12, samples=5, brief=300, answer=600),
    Limits(criteria=40, slices=12, notes=8, samples=3, brief=200, answer=300),
    Limits(criteria=25, slices=8, notes=5, samples=1, brief=120, answer=200),
    Limits(criteria=15, slices=5, notes=3, samples=0, brief=60, answer=0),
)
"""From full to bare: the first that fits is used. The last one always does, at 10 characters for each of a text."""


class SliceRow(NamedTuple):
    """A slice that does not pass, and whose it is."""

    criterion: CriterionResult
    part: SliceResult


class ShownDiff(NamedTuple):
    """One sample that became worse, both answers cut to where they begin to differ and marked."""

    case_id: str
    change: float | None
    input: str
    baseline: Markup
    candidate: Markup
    reason: str


def verdict_markdown(view: VerdictView) -> str:
    """GitHub-flavoured Markdown: decision, warnings, lost slices, criteria, waivers, worst samples.

    Always shorter than GitHub's 65,536 characters: what does not fit is left out and counted.
    Every text in it is made harmless: no markup, no mention, no link.
    """
    written = (_render(view, limits) for limits in LIMITS)
    last = ""
    for last in written:
        if len(last) <= LONGEST_COMMENT - ROOM_FOR_OTHERS:
            break
    return last


def _render(view: VerdictView, limits: Limits) -> str:
    samples = sort_samples(view.samples, view.primary)
    text = (
        markdown_environment(limits.brief, limits.answer)
        .get_template("verdict.md.j2")
        .render(
            view=view,
            limits=limits,
            headline=headline(view.verdict),
            criteria=most_urgent_first(view.verdict),
            slices=_slices(view.verdict),
            samples=samples,
            diffs=[_diff(sample, view.primary, limits.answer) for sample in samples.regressed[: limits.samples]],
        )
    )
    return text.strip("\n") + "\n"


def _slices(verdict: Verdict) -> list[SliceRow]:
    """Slices that do not pass: the failed ones of criteria that bind first."""
    rows = [
        SliceRow(result, part)
        for result in most_urgent_first(verdict)
        for part in result.slices
        if part.verdict != "pass"
    ]
    return sorted(rows, key=lambda row: (URGENCY[row.part.verdict], not counts(row.criterion)))


def _diff(sample: SampleDiff, primary: str, shown: int) -> ShownDiff:
    baseline, candidate = _answers(sample, shown)
    return ShownDiff(
        case_id=sample.case_id,
        change=change_of(sample, primary),
        input=sample.input,
        baseline=baseline,
        candidate=candidate,
        reason="; ".join(_reasons(sample)),
    )


def _reasons(sample: SampleDiff) -> Iterator[str]:
    for score in sample.scores:
        has_fallen = score.baseline is not None and score.candidate is not None and score.candidate < score.baseline
        if has_fallen and score.candidate_reason:
            yield f"{score.metric}: {score.candidate_reason}"


def _answers(sample: SampleDiff, shown: int) -> tuple[Markup, Markup]:
    old, new = sample.baseline_output, sample.candidate_output
    if old is None or new is None:
        return _answer(old, sample.baseline_error, shown), _answer(new, sample.candidate_error, shown)
    excerpt = answer_excerpt(old, new, shown)
    diff = word_diff(excerpt.baseline, excerpt.candidate)
    if diff is None:
        return block(excerpt.baseline), block(excerpt.candidate)
    return marked_block(diff.baseline, "del"), marked_block(diff.candidate, "ins")


def _answer(output: str | None, error: str, shown: int) -> Markup:
    if output is None:
        return inline(f"no answer: {error[:shown] or 'no reason was recorded'}")
    return block(output[:shown])
