"""Precision, recall and F1 by type on texts that people marked: presidio-research and MEDDOCAN (dev), both layers.

    python benchmarks/privacy_marked.py ../shared/data [--ner] [--sample 200] [--json]

A finding is right when it and a marked span of its type share at least half of the characters that both cover; each
marked span counts once. Intervals of 95 %: Wilson's for precision and recall, for F1 the percentiles of 2,000
resamples of the texts. The words of the locales were chosen with synth_dataset_v2 and MEDDOCAN dev in view, so
these figures say how well the patterns fit such texts, not how they do elsewhere; generated_small was only looked
at afterwards. Marked spans are mapped to our types by their label, and where a label is wider than a type, by the
words before it: a date of birth is a date after "born on" or "nacimiento", a postal code of MEDDOCAN is a territory
after "CP:". With `--ner` the second layer reads too (English: en_core_web_sm; Spanish where es_core_news_sm is
installed) and PERSON, LOCATION and NRP are scored; it takes some minutes, less with `--sample`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from preceptor.governance.layers import make_layers
from preceptor.governance.ner_layer import missing_ner
from preceptor.governance.personal_data import free_of, known_types
from preceptor.stats.intervals import wilson

PRESIDIO = {
    "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "CREDIT_CARD": "CARD", "US_SSN": "US_SSN", "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP_ADDRESS", "DOMAIN_NAME": "URL", "US_DRIVER_LICENSE": "DRIVER_LICENSE", "ZIP_CODE": "POSTAL_CODE",
    "PERSON": "PERSON", "GPE": "LOCATION", "NRP": "NRP",
}  # fmt: skip
MEDDOCAN = {
    "CORREO_ELECTRONICO": "EMAIL", "NUMERO_TELEFONO": "PHONE", "NUMERO_FAX": "PHONE",
    "ID_ASEGURAMIENTO": "ES_SOCIAL_SECURITY", "ID_SUJETO_ASISTENCIA": "MEDICAL_RECORD",
    "ID_TITULACION_PERSONAL_SANITARIO": "PROFESSIONAL_LICENSE", "NOMBRE_SUJETO_ASISTENCIA": "PERSON",
    "NOMBRE_PERSONAL_SANITARIO": "PERSON", "TERRITORIO": "LOCATION", "PAIS": "LOCATION",
}  # fmt: skip
BY_MODEL = {"PERSON", "LOCATION", "NRP"}
WITH_A_FORM = {"EMAIL", "PHONE", "CARD", "US_SSN", "IBAN", "IP_ADDRESS", "URL"}
LEAST_F1 = 0.9
RESAMPLES = 2_000


class Mark(NamedTuple):
    """A span of one type."""

    type: str
    start: int
    end: int


class Marked(NamedTuple):
    """A text and what people marked in it."""

    text: str
    marks: list[Mark]


class Counts(NamedTuple):
    """Of one type in one text: spans found and marked, found only, marked only."""

    right: int
    wrong: int
    missed: int


def read_presidio(path: Path) -> Iterator[Marked]:
    """The sentences of presidio-research."""
    for row in json.loads(path.read_text(encoding="utf-8")):
        text, marks = row["full_text"], []
        for span in row["spans"]:
            start, end = span["start_position"], span["end_position"]
            is_birth = span["entity_type"] == "DATE_TIME" and "born on" in text[max(0, start - 15) : start]
            kind = "DATE_OF_BIRTH" if is_birth else PRESIDIO.get(span["entity_type"])
            marks += [Mark(kind, start, end)] if kind else []
        yield Marked(text, marks)


def read_meddocan(folder: Path) -> Iterator[Marked]:
    """The clinical cases of MEDDOCAN, in order of their names."""
    for path in sorted(folder.glob("*.ann")):
        with path.with_suffix(".txt").open(encoding="utf-8", newline="") as stream:
            text = stream.read()
        marks = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("T"):
                label, first, last = line.split("\t")[1].split()
                kind = _meddocan_type(label, text[max(0, int(first) - 30) : int(first)].lower())
                marks += [Mark(kind, int(first), int(last))] if kind else []
        yield Marked(text, marks)


def _meddocan_type(label: str, before: str) -> str | None:
    if label == "FECHAS":
        return "DATE_OF_BIRTH" if "nacimiento" in before else None
    return "POSTAL_CODE" if label == "TERRITORIO" and "cp:" in before[-5:] else MEDDOCAN.get(label)


def count(found: Sequence[Mark], marks: Sequence[Mark]) -> dict[str, Counts]:
    """How many of the spans of each type are right, wrong and missed in one text."""
    counts = {type_: [0, 0, 0] for type_ in {mark.type for mark in (*found, *marks)}}
    left = list(marks)
    for one in found:
        same = next((mark for mark in left if mark.type == one.type and _is_same(one, mark)), None)
        counts[one.type][0 if same else 1] += 1
        if same:
            left.remove(same)
    for mark in left:
        counts[mark.type][2] += 1
    return {type_: Counts(*three) for type_, three in counts.items()}


def _is_same(one: Mark, other: Mark) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= max(one.end, other.end) - min(one.start, other.start)


def score(counts: Sequence[Counts]) -> dict[str, object]:
    """Precision, recall and F1 of one type over all texts, with their intervals."""
    table = np.array(counts, dtype=np.int64)
    right, wrong, missed = map(int, table.sum(axis=0))
    rng = np.random.default_rng(0)
    resampled = np.stack([table[rng.integers(len(table), size=len(table))].sum(axis=0) for _ in range(RESAMPLES)])
    with np.errstate(invalid="ignore"):
        f1s = 2 * resampled[:, 0] / (2 * resampled[:, 0] + resampled[:, 1] + resampled[:, 2])
    return {
        "marked": right + missed,
        "found": right + wrong,
        "precision": right / (right + wrong) if right + wrong else None,
        "precision_interval": list(wilson(right, right + wrong)) if right + wrong else None,
        "recall": right / (right + missed),
        "recall_interval": list(wilson(right, right + missed)),
        "f1": 2 * right / (2 * right + wrong + missed),
        "f1_interval": [float(value) for value in np.nanpercentile(f1s, [2.5, 97.5])],
    }


def measure(texts: Iterable[Marked], language: str, *, has_model: bool) -> dict[str, dict[str, object]]:
    """The scores by type: of the first layer for types with patterns, of both for the others."""
    texts = list(texts)
    types = tuple(known_types())
    layers = make_layers(types)
    found = [own for (own,) in layers.find_in([[marked.text] for marked in texts])]
    if has_model:
        model = make_layers(tuple(sorted(BY_MODEL)), (language,), "all")
        read = [own for (own,) in model.find_in([[marked.text] for marked in texts])]
        found = [[*first, *free_of(first, own)] for first, own in zip(found, read, strict=True)]
    spans = [[Mark(one.type, one.start, one.end) for one in own] for own in found]
    by_text = [count(own, marked.marks) for own, marked in zip(spans, texts, strict=True)]
    scored = sorted({mark.type for marked in texts for mark in marked.marks} - (set() if has_model else BY_MODEL))
    return {type_: score([counts.get(type_, Counts(0, 0, 0)) for counts in by_text]) for type_ in scored}


def main() -> int:
    """Print the tables; exit code 1 where the first layer's F1 on a type with a form of its own is below 0.9."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--ner", action="store_true")
    parser.add_argument("--sample", type=int, help="Only so many texts of each set.")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    sets = {
        "synth_dataset_v2": ("en", read_presidio(arguments.data / "presidio_research" / "synth_dataset_v2.json")),
        "generated_small": ("en", read_presidio(arguments.data / "presidio_research" / "generated_small.json")),
        "meddocan_dev": ("es", read_meddocan(arguments.data / "meddocan" / "dev" / "brat")),
    }
    figures = {}
    for name, (language, texts) in sets.items():
        has_model = arguments.ner and missing_ner((language,)) is None
        figures[name] = measure(islice(texts, arguments.sample), language, has_model=has_model)
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, scores in figures.items():
            show(name, scores)
    low = [
        (name, type_)
        for name, scores in figures.items()
        for type_ in scores.keys() & WITH_A_FORM
        if scores[type_]["f1"] < LEAST_F1
    ]
    for name, type_ in low:
        print(f"broken: F1 of {type_} on {name} is {figures[name][type_]['f1']:.3f}", file=sys.stderr)
    return 1 if low else 0


def show(name: str, scores: dict[str, dict[str, object]]) -> None:
    """One table."""
    print(f"\n{name}\n{'type':22}{'layer':>9}{'marked':>8}{'found':>7}   {'precision':26}{'recall':26}{'F1':26}")
    for type_, one in scores.items():
        layer = "both" if type_ in BY_MODEL else "first"
        cells = "".join(f"{_cell(one[key], one[f'{key}_interval']):26}" for key in ("precision", "recall", "f1"))
        print(f"{type_:22}{layer:>9}{one['marked']:>8}{one['found']:>7}   {cells}")


def _cell(value: float | None, interval: list[float] | None) -> str:
    return "–" if value is None else f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


if __name__ == "__main__":
    sys.exit(main())
