"""The card says what is known, and nothing in it can become markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from preceptor.datasets.card import render_card
from preceptor.datasets.check import CheckContext
from preceptor.datasets.commit import commit
from preceptor.datasets.registry_types import ChangelogEntry, Registered, StageWord, Standing
from preceptor.datasets.run_checks import CheckEntry, run_checks
from preceptor.datasets.types import CheckResult, Composition, DatasetDraft, DatasetNotes, Governance, Manifest
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

MANIFEST = Manifest(
    name="d",
    num_records=20,
    splits={"train": 20},
    kinds={"sft": 20},
    files={},
    checks=(),
    made_of=Composition(splits={"sft": {"train": 20}}),
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
        "tags": ["preceptor", "synthetic", "preference", "sft"],
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
        "How to load",
        "Splits",
        "Provenance",
        "Collection and annotators",
        "Agreement",
        "Checks",
        "Licences",
        "Consent",
        "Personal data",
        "Synthetic data",
        "Media",
        "Withdrawn records",
        "Known limitations",
    ):
        assert f"\n## {section}\n" in text
    assert "No checks were run." in text
    assert "No agreement between annotators was measured" in text
    assert "were not checked for personal data" in text


def test_checks_and_agreement_stand_with_their_figures(card, records):
    missing = CheckResult(
        check="eval_contamination", version=1, settings={}, num_checked=0, findings=(), reason="no cases"
    )
    results = (missing, *run_checks(records, [CheckEntry(kind="personal_data")], CheckContext()))
    undefined = replace(ALPHA, value=None, interval=None, reason="one annotator")
    text = card(checks=results, notes=DatasetNotes(agreement={"helpful": ALPHA, "safe": undefined}))
    assert "| eval_contamination | 1 | not run: no cases |" in text
    assert "| helpful | krippendorff_alpha | 0.691 | 0.510 to 0.840 (95%) | 40 | 3 | 120 |" in text
    assert "| safe | krippendorff_alpha | undefined: one annotator | none | 40 | 3 | 120 |" in text
    assert "looked at 6 records and recognised none" in text


def test_what_was_found_stands_with_its_interval_and_what_became_of_it():
    """Wilson's 95 % interval of 2 of 20 is .028 to .301 (Newcombe 1998, method 3)."""
    result = CheckResult(
        check="personal_data_patterns", version=3, settings={}, num_checked=20, findings=(), num_findings=2, num_fixed=2,
        max_share=0.05, figures={"types": {"email": 3}, "layers": ["patterns"]},
    )  # fmt: skip
    text = render_card(replace(MANIFEST, checks=(result,)))
    assert "| personal_data_patterns | 3 | 20 | 2 | 2 | 10 % (2.8 % to 30 %) | 5 % | yes |" in text
    assert "| types, email | 3 |" in text
    assert "| layers | patterns |" in text
    assert "objected to 2; what it recognised there was replaced, or the records were left out" in text
    assert "may hold personal data" in render_card(replace(MANIFEST, checks=(replace(result, num_fixed=1),)))


def test_near_duplicates_are_said_to_be_looked_for_where_they_were():
    near = CheckResult(check="near_duplicate", version=1, settings={}, num_checked=20, findings=())
    assert "Near duplicates were not looked for" in render_card(MANIFEST)
    assert "Near duplicates are found by shared runs of words" in render_card(replace(MANIFEST, checks=(near,)))


def test_licences_stand_beside_the_intended_use():
    made_of = Composition(splits={"sft": {"train": 20}}, counts={"licence": {"MIT": 15, "CC-BY-NC-4.0": 4, "": 1}})
    text = render_card(
        replace(MANIFEST, made_of=made_of, governance=Governance(intended_use="a product", allowed_licences=("MIT",)))
    )
    assert "| MIT | 15 | 75 % | yes |" in text
    assert "| CC-BY-NC-4.0 | 4 | 20 % | no |" in text
    assert "| not stated | 1 | 5 % | not known: no licence is stated |" in text
    assert "Intended use: a product" in text


def test_synthetic_records_consent_and_withdrawals_are_counted():
    counts = {"generator": {"": 15, "small-model": 5}, "consent": {"contract": 20}, "licence": {"MIT": 20}}
    made_of = Composition(splits={"sft": {"train": 20}}, counts=counts)
    text = render_card(replace(MANIFEST, made_of=made_of, withdrawn=("record_1", "record_2")))
    assert "5 of 20 records were written by a model" in text
    assert "| small-model | 5 | 25 % |" in text
    assert "| contract | 20 | 100 % |" in text
    assert "2 records that the sources hold were withdrawn and are left out" in text


def test_what_a_person_wrote_stands_letter_by_letter_under_its_heading(card):
    body = "From **our** [desk](https://example.org):\n\n\n\n1. one\n\n```\na\n\n\n\nb\n```"
    text = card(notes=DatasetNotes(text={"Provenance": body, "Fairness": "We *looked*."}))
    assert f"\n## Provenance\n\n{body}\n\n" in text
    assert text.rstrip().endswith("\n## Fairness\n\nWe *looked*.")


def test_a_rebuild_keeps_what_a_person_wrote_and_brings_the_new_figures(card, records):
    said = DatasetNotes(text={"Provenance": "Ours."})
    before, after = card(notes=said), card(notes=said, records=records[:3])
    assert "\n## Provenance\n\nOurs.\n\n1 of 6 records" in before
    assert "\n## Provenance\n\nOurs.\n\n1 of 3 records" in after


def test_the_published_card_says_stage_number_and_changelog(clock):
    word = StageWord(id="s", version_id="v", stage="draft", role="maker", by="Ada | x", at=clock(), note="")
    entry = ChangelogEntry(
        version_id="v",
        name="d",
        number="1.0.0",
        bump="first",
        by="ada",
        at=clock(),
        changes={"Added": ("20 <records>",)},
    )
    known = Registered(
        standing=Standing(stage="draft"), number="1.0.0", words=(word,), changelog=(entry,), num_withdrawn=2
    )
    text = render_card(MANIFEST, known)
    assert "Number 1.0.0, stage draft." in text
    assert r"| draft | maker | Ada \| x | 2026-11-24 | – |" in text
    assert "### [1.0.0] - 2026-11-24" in text
    assert r"- 20 \<records\>" in text
    assert "Of its records, 2 were withdrawn" in text
    assert "## Release" not in render_card(MANIFEST)


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
