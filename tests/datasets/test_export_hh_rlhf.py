"""Real preference pairs are exported, and every row of the file is accounted for."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.export import export
from preceptor.datasets.exporter import exporters
from preceptor.datasets.read_records import parse_record, read_records

FILE = "hh_rlhf_harmless_test/harmless-base_test.jsonl.gz"
ROLES = {"Human": "user", "Assistant": "assistant"}
# Counted in the file with a few lines of Python apart from the product: 2,312 rows (as its source says), of which
# 5 branch before the last answer, and 4 of the others hold an answer without a word.
NUM_ROWS, NUM_BRANCH_EARLY, NUM_EMPTY = 2_312, 5, 4


def turns(text):
    start, *parts = re.split(r"\n\n(Human|Assistant): ?", text)
    assert start == ""
    return [{"role": ROLES[who], "content": said} for who, said in zip(parts[::2], parts[1::2], strict=True)]


@pytest.fixture(scope="module")
def pairs(shared_data):
    """The records of the file, and the reason for each row that is none."""
    records, refused = [], []
    with gzip.open(shared_data / FILE, "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            try:
                records.append(parse_record({"chosen": turns(row["chosen"]), "rejected": turns(row["rejected"])}))
            except InputError as error:
                refused.append(str(error))
    return records, refused


@pytest.mark.shared_data
def test_rows_that_branch_early_are_refused_by_name_and_all_others_are_pairs(pairs):
    records, refused = pairs
    assert (len(records), len(refused)) == (NUM_ROWS - NUM_BRANCH_EARLY, NUM_BRANCH_EARLY)
    assert all("must be one answer of the assistant" in reason for reason in refused)


@pytest.mark.shared_data
def test_every_pair_is_written_for_trl_and_read_back(pairs, tmp_path):
    records, _ = pairs
    path = tmp_path / "pairs.jsonl"
    exported = export(records, exporters.create("trl-preference"), path)
    assert (exported.num_written, exported.num_left_out, exported.refused) == (NUM_ROWS - NUM_BRANCH_EARLY, 0, ())
    assert [record.id for record in read_records(path)] == [record.id for record in records]


@pytest.mark.shared_data
def test_pairs_with_an_empty_answer_are_refused_for_openai_and_named(pairs, tmp_path):
    records, _ = pairs
    path = tmp_path / "pairs.jsonl"
    exported = export(records, exporters.create("openai-preference"), path, skip_refused=True)
    assert exported.num_written + exported.num_left_out + len(exported.refused) == len(records)
    assert [one.reason.partition("; ")[0].partition(" has ")[2] for one in exported.refused] == [
        "an empty answer"
    ] * NUM_EMPTY
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == exported.num_rows == len(records) - NUM_EMPTY
    first = json.loads(lines[0])
    assert set(first) == {"input", "preferred_output", "non_preferred_output"}
    assert first["input"]["messages"][-1]["role"] == "user"
