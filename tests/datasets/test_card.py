"""The card says what is known, and nothing in it can become markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from preceptor.datasets.check import CheckContext
from preceptor.datasets.commit import commit
from preceptor.datasets.run_checks import CheckEntry, run_checks
from preceptor.datasets.types import DatasetDraft, DatasetNotes
from preceptor.qc.types import Agreement
from preceptor.stats.types import Interval

ALPHA = Agreement(
    coefficient="krippendorff_alpha",
    value=0.691,
    interval=Interval(0.51, 0.84),
    confidence=0.95,
    num_items=40,
    num_annotators=3,
    num_answers=120,
)


@pytest.fixture
def card(records, tmp_path, clock):
    def make(**draft) -> str:
        draft = {"name": "support", "records": records, **draft}
        return (Path(commit(DatasetDraft(**draft), tmp_path, clock).folder) / "README.md").read_text(encoding="utf-8")

    return make


def front(text: str) -> dict[str, object]:
    return yaml.safe_load(text.split("---\n")[1])


def test_the_front_matter_names_licence_language_size_and_configs(card):
    """`no` (Norwegian) stays a text: YAML 1.1 would read it as false."""
    assert front(card(notes=DatasetNotes(title="Support desk: repairs"))) == {
        "pretty_name": "Support desk: repairs",
        "license": ["cc-by-4.0", "mit"],
        "language": ["en", "no"],
        "size_categories": ["n<1K"],
        "task_categories": ["text-generation"],
        "tags": ["preceptor", "preference", "sft"],
        "configs": [
            {
                "config_name": "preference",
                "data_files": [
                    {"split": "train", "path": "data/preference/train-00000-of-00001.parquet"},
                    {"split": "validation", "path": "data/preference/validation-00000-of-00001.parquet"},
                ],
            },
            {
                "config_name": "sft",
                "data_files": [
                    {"split": "test", "path": "data/sft/test-00000-of-00001.parquet"},
                    {"split": "train", "path": "data/sft/train-00000-of-00001.parquet"},
                ],
            },
        ],
    }


def test_unknown_licence_and_language_are_not_made_up(card, sft):
    written = front(card(records=(sft("a", "b"),)))
    assert written["license"] == "unknown"
    assert "language" not in written


def test_every_section_is_there_without_any_notes(card):
    text = card()
    for section in (
        "What it is",
        "Splits",
        "Provenance",
        "Collection and annotators",
        "Agreement",
        "Checks",
        "Licences",
        "Personal data",
        "Known limitations",
    ):
        assert f"\n## {section}\n" in text
    assert "No checks were run." in text
    assert "No agreement between annotators was measured" in text
    assert "were not checked for personal data" in text


def test_checks_and_agreement_stand_with_their_figures(card, records):
    entries = [CheckEntry(kind=kind) for kind in ("schema", "eval_contamination", "personal_data")]
    results = run_checks(records, entries, CheckContext(eval_texts={}))
    undefined = replace(ALPHA, value=None, interval=None, reason="one annotator")
    text = card(checks=results, notes=DatasetNotes(agreement={"helpful": ALPHA, "safe": undefined}))
    assert "| schema | 1 | 6 | 0 | yes |" in text
    assert "| eval_contamination | 1 | not run: no eval cases were given to compare with | – | yes |" in text
    assert "| helpful | krippendorff_alpha | 0.691 | 0.510 to 0.840 (95%) | 40 | 3 | 120 |" in text
    assert "| safe | krippendorff_alpha | undefined: one annotator | none | 40 | 3 | 120 |" in text
    assert "looked at 6 records and recognised none" in text


def test_hostile_values_stay_text(card, sft):
    evil = "x](http://evil) <script>alert(1)</script> | cell |\n# heading\n---\nlicense: mit"
    record = sft("a", "b", source=evil, licence="a\nb: [", language="en\nfr", generator=evil)
    text = card(records=(record,), notes=DatasetNotes(title=evil, description=evil, limitations=(evil,)))
    written, body = front(text), text.split("---\n", 2)[2]
    assert written["license"] == "a b: ["
    assert written["language"] == ["en fr"]
    assert written["pretty_name"] == " ".join(evil.split())
    assert "\n# heading" not in body
    inside = [line for line in body.splitlines() if "evil" in line]
    assert inside
    assert all(r"x\](http" in line and r"\<script\>" in line and r"\| cell \|" in line for line in inside)


def test_the_code_block_names_each_kind(card):
    assert 'sft = load_dataset("path/to/this/folder", "sft")' in card()
