"""A sample of a file: so many of each stratum, each with its weight."""

from __future__ import annotations

import json

import pytest

from preceptor.cli.main import run
from preceptor.core.errors import InputError
from preceptor.datasets.sample_file import sample_file
from preceptor.datasets.sampling_plan import SamplingPlan

PLAN = SamplingPlan(by=("source",), budget=10)


def write(path, counts):
    rows = [
        {"prompt": f"{name} {n}", "completion": "a", "source": name}
        for name, count in counts.items()
        for n in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def drawn(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_budget_is_shared_out_by_size_and_the_weights_add_up_to_the_file(tmp_path):
    """80 and 20 records, 10 to draw: 8 and 2; each stands for ten."""
    done = sample_file(write(tmp_path / "a.jsonl", {"web": 80, "mail": 20}), tmp_path / "out.jsonl", PLAN)
    assert (done.num_records, done.num_drawn) == (100, 10)
    assert [(one.stratum, one.num_drawn) for one in done.strata] == [("mail", 2), ("web", 8)]
    said = [row["metadata"]["sampling"] for row in drawn(tmp_path / "out.jsonl")]
    assert sum(one["weight"] for one in said) == pytest.approx(100)
    assert {one["probability"] for one in said} == {0.1}


def test_a_larger_budget_keeps_what_a_smaller_one_drew(tmp_path):
    path = write(tmp_path / "a.jsonl", {"web": 80, "mail": 20})
    assert run(["sample", str(path), "--by", "source", "--budget", "10", "--out", str(tmp_path / "s.jsonl")]) == 0
    assert run(["sample", str(path), "--by", "source", "--budget", "30", "--out", str(tmp_path / "l.jsonl")]) == 0
    small, large = ({row["messages"][0]["content"] for row in drawn(tmp_path / f"{name}.jsonl")} for name in "sl")
    assert small < large


def test_a_row_that_is_no_record_stops_it_and_nothing_is_written(tmp_path):
    path = write(tmp_path / "a.jsonl", {"web": 3})
    path.write_text(path.read_text() + "{broken\n")
    with pytest.raises(InputError, match="a.jsonl:4"):
        sample_file(path, tmp_path / "out.jsonl", PLAN)
    assert not (tmp_path / "out.jsonl").exists()
