"""Labels that the words of their texts contradict: a held-out classifier, then confident learning."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.confident_learning import confident_joint, estimated_joint
from preceptor.datasets.hashed_features import NUM_FEATURES
from preceptor.datasets.held_out_classifier import held_out_probabilities, text_matrix
from preceptor.datasets.share_figure import share_figure
from preceptor.stats.intervals import wilson

MAX_CLASSES = 200
MAX_CELLS = 20


@dataclass(frozen=True, kw_only=True)
class LabelledTexts:
    """Texts as hashed words: `features[offsets[i]:offsets[i + 1]]` are those of text `i`.

    Texts of the same `groups` value are never in the training of each other's model.
    """

    ordinals: NDArray[np.int64]
    ids: list[str]
    labels: list[str]
    groups: NDArray[np.uint64]
    features: NDArray[np.int32]
    offsets: NDArray[np.int32]


class Suspect(NamedTuple):
    """A text whose label is probably wrong, the label that its words suggest and that one's probability."""

    ordinal: int
    id: str
    label: str
    suggested: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Suspects:
    """What was found, in order, and what was measured; a `reason` says why nothing could be said."""

    found: list[Suspect] = field(default_factory=list)
    figures: JsonObject = field(default_factory=dict)
    reason: str = ""


def find_suspects(texts: LabelledTexts, num_folds: int, min_per_class: int) -> Suspects:
    """The labels that the texts contradict; classes of fewer than `min_per_class` texts are passed over."""
    sizes = Counter(texts.labels)
    classes = sorted(label for label, size in sizes.items() if size >= min_per_class)
    if not 2 <= len(classes) <= MAX_CLASSES:  # noqa: PLR2004 - one class contradicts nothing
        reason = f"{len(classes)} classes have {min_per_class} records or more; 2 to {MAX_CLASSES} can be told apart"
        return Suspects(reason=reason, figures={"reason": reason})
    number = {label: place for place, label in enumerate(classes)}
    rows = np.array([place for place, label in enumerate(texts.labels) if label in number])
    labels = np.array([number[texts.labels[row]] for row in rows])
    # A group's fold is its hash, so that other records cannot move it.
    folds = (texts.groups[rows] % np.uint64(num_folds)).astype(np.int64)
    matrix = text_matrix(texts.features, texts.offsets, NUM_FEATURES)[rows]
    probabilities = held_out_probabilities(matrix, labels, folds)
    accuracy = int((probabilities.argmax(axis=1) == labels).sum())
    baseline = max(sizes[label] for label in classes)
    figures: JsonObject = {
        "num_judged": len(rows),
        "num_classes": len(classes),
        "held_out_accuracy": share_figure(accuracy, len(rows)),
        "most_frequent_label": share_figure(baseline, len(rows)),
    }
    if wilson(accuracy, len(rows)).low <= baseline / len(rows):
        reason = "the words do not predict the label better than its most frequent value"
        return Suspects(reason=reason, figures={**figures, "reason": reason})
    joint = confident_joint(labels, probabilities)
    wrong = joint.suspects(labels)
    figures["suspects"] = share_figure(len(wrong), len(rows))
    figures["estimated_noise"] = round(1 - float(np.trace(estimated_joint(joint, labels))), 4)
    figures["confusions"] = _confusions(joint.counts, classes)
    found = [
        Suspect(
            ordinal=int(texts.ordinals[rows[place]]),
            id=texts.ids[rows[place]],
            label=classes[labels[place]],
            suggested=classes[joint.suggested[place]],
            probability=float(probabilities[place, joint.suggested[place]]),
        )
        for place in wrong
    ]
    return Suspects(found=found, figures=figures)


def _confusions(counts: NDArray[np.int64], classes: list[str]) -> list[JsonValue]:
    cells = [
        (-int(counts[row, column]), classes[row], classes[column])
        for row, column in np.argwhere(counts)
        if row != column
    ]
    return [{"label": label, "suggested": other, "count": -count} for count, label, other in sorted(cells)[:MAX_CELLS]]
