"""The patterns on texts that people marked; `benchmarks/privacy_marked.py` prints the whole table."""

from __future__ import annotations

import importlib.util
import sys
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from preceptor.governance.ner_layer import missing_ner

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "privacy_marked.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("privacy_marked", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["privacy_marked"] = module
    spec.loader.exec_module(module)
    module.RESAMPLES = 50  # The intervals are for people; here they only take time.
    return module


def test_a_finding_must_share_half_of_what_both_cover(script):
    mark = script.Mark("PHONE", 10, 20)
    counted = [script.count([script.Mark("PHONE", *span)], [mark])["PHONE"] for span in ((10, 20), (12, 20), (0, 12))]
    assert counted == [(1, 0, 0), (1, 0, 0), (0, 1, 1)]


def test_scores_of_a_table_worked_by_hand(script):
    """Six right, two wrong, one missed: precision 6/8, recall 6/7, F1 12/15."""
    scores = script.score([script.Counts(3, 1, 0), script.Counts(3, 1, 1)])
    assert (scores["precision"], scores["recall"], scores["f1"]) == pytest.approx((6 / 8, 6 / 7, 12 / 15))
    assert (scores["marked"], scores["found"]) == (7, 8)


@pytest.mark.shared_data
def test_first_layer_on_presidio_research(shared_data: Path, script):
    """F1 of at least 0.9 on every type that has a form of its own, and few of other things."""
    texts = script.read_presidio(shared_data / "presidio_research" / "synth_dataset_v2.json")
    scores = script.measure(texts, "en", has_model=False)
    assert scores.keys() >= script.WITH_A_FORM
    assert {type_: one["f1"] for type_, one in scores.items() if type_ in script.WITH_A_FORM and one["f1"] < 0.9} == {}
    assert all(one["precision"] >= 0.95 for one in scores.values())


@pytest.mark.shared_data
def test_first_layer_on_meddocan(shared_data: Path, script):
    """The same in Spanish: mail, telephone, and the numbers that the forms name."""
    scores = script.measure(script.read_meddocan(shared_data / "meddocan" / "dev" / "brat"), "es", has_model=False)
    assert len(scores) == 7
    assert {type_: one["f1"] for type_, one in scores.items() if one["f1"] < 0.9} == {}


@pytest.mark.shared_data
@pytest.mark.skipif(missing_ner(("en",)) is not None, reason="the extra `privacy` is not installed")
def test_both_layers_on_a_sample(shared_data: Path, script):
    """A model that reads finds more than half of the people; the types with patterns lose nothing by it."""
    texts = islice(script.read_presidio(shared_data / "presidio_research" / "synth_dataset_v2.json"), 60)
    scores = script.measure(texts, "en", has_model=True)
    assert scores["PERSON"]["marked"] >= 20
    assert scores["PERSON"]["recall"] > 0.5
