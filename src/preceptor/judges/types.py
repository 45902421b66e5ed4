"""Human labels of answers, a judge's scores of the same, and the record of how far they agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from preceptor.stats.types import Interval


@dataclass(frozen=True, kw_only=True)
class HumanLabel:
    """One person's score, 0 to 1, of one answer: that to a case in an epoch (from 1)."""

    case_id: str
    value: float
    epoch: int = 1
    annotator: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HumanScore:
    """A label as kept: of which run's answer, and under which metric."""

    run_id: str
    metric: str
    label: HumanLabel
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class JudgedAnswer:
    """A judge's score of one answer; None, with a reason, where there is none.

    `length` is the answer's, in characters; `author` names the model that wrote it. Both are
    None or empty where they are not known.
    """

    case_id: str
    score: float | None
    epoch: int = 1
    reason: str = ""
    slices: tuple[str, ...] = ()
    cluster: str | None = None
    length: int | None = None
    author: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """An estimate with its interval and its n; None, with the reason, where there is none to give."""

    value: float | None
    interval: Interval | None
    n: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What one probe of the judge found; `figure.value` is 0 for a judge without the fault."""

    name: str
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class SliceFigures:
    """How often the judge is right about good answers (sensitivity) and about bad ones (specificity)."""

    name: str
    sensitivity: Figure
    specificity: Figure


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A judge compared with people on the same answers.

    `judge` is the hash of the grader with its settings: the model, the prompt and the rubric.
    `num_labels` answers have both a score and a label; `num_without_score` a label only, and on
    `num_tied` people were evenly split (left out). `categories` name the rows (people) and columns
    (judge) of `confusion`. `agreement` is Cohen's kappa; `bias` is the judge's mean minus
    people's; `correlation` is Spearman's, for graded scores. `annotator_agreement` is
    Krippendorff's alpha between people: what a judge can reach at most. An answer is good from
    `threshold` on.
    """

    id: str
    judge: str
    metric: str
    num_labels: int
    num_without_score: int
    num_tied: int
    num_annotators: int
    threshold: float
    confidence: float
    categories: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    agreement: Figure
    accuracy: Figure
    sensitivity: Figure
    specificity: Figure
    bias: Figure
    correlation: Figure
    annotator_agreement: Figure
    slices: tuple[SliceFigures, ...]
    probes: tuple[Probe, ...]
    made_at: datetime
